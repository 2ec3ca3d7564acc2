import { decodeProfile } from './decode.ts';
import { functionCosts, lineCosts, totalOf } from './function-table.ts';
import { originOf } from './function-name.ts';
import type { Profile } from './profile.ts';

/** A function that costs much. `share` is flat over the profile's total, 0..1. */
export type HotFunction = {
  readonly name: string;
  readonly flat: number;
  readonly cum: number;
  readonly share: number;
  readonly unit: string;
};

/** The `count` functions that cost most by themselves, dearest first; `type` defaults to the profile's own. */
export function hotFunctions(profile: Profile, count: number, type = profile.defaultType): HotFunction[] {
  const { flat, cum, seen } = functionCosts(profile, type);
  const total = totalOf(profile, type);
  const unit = profile.sampleTypes[type]?.unit ?? '';
  return profile.functions
    .map((name, at) => ({ name, flat: flat[at] ?? 0, cum: cum[at] ?? 0, seen: seen[at] === 1 }))
    .filter((row) => row.seen)
    .toSorted((a, b) => b.flat - a.flat || b.cum - a.cum || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name, flat: own, cum: whole }) => ({
      name,
      flat: own,
      cum: whole,
      share: total === 0 ? 0 : own / total,
      unit,
    }));
}

/** `hotFunctions` of a file, for whoever has bytes and wants a summary. @throws ProfileDecodeError */
export async function topFrames(bytes: Uint8Array, count: number): Promise<HotFunction[]> {
  return hotFunctions(await decodeProfile(bytes), count);
}

/** What a line of somebody's own code costs. Shares are of the profile's total, 0..1. */
export type LineCost = {
  readonly file: string;
  readonly line: number;
  readonly flat: number;
  readonly cum: number;
  readonly flatShare: number;
  readonly cumShare: number;
};

/** The lines of the program's own packages that were seen, for an editor's gutter; dearest (by cum) first. */
export function sourceHeat(profile: Profile, type = profile.defaultType): LineCost[] {
  const costs = lineCosts(profile, type);
  const total = totalOf(profile, type) || 1;
  const own = new Set<number>();
  for (const [frame, functionAt] of profile.frameFunction.entries())
    if (originOf(profile.functions[functionAt] ?? '') === 'program') own.add(profile.frameFile[frame] ?? 0);
  const rows: LineCost[] = [];
  for (const [row, file] of costs.file.entries()) {
    const line = costs.line[row] ?? 0;
    if (costs.seen[row] !== 1 || line === 0 || !own.has(file)) continue;
    const flat = costs.flat[row] ?? 0;
    const cum = costs.cum[row] ?? 0;
    rows.push({
      file: profile.files[file] ?? '',
      line,
      flat,
      cum,
      flatShare: flat / total,
      cumShare: cum / total,
    });
  }
  return rows.toSorted(
    (a, b) => b.cum - a.cum || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line),
  );
}
