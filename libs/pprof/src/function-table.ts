import { PairTable } from './pair-table.ts';
import type { Profile } from './profile.ts';

/** Costs by row: `flat` where the row was the leaf, `cum` where it was anywhere on the stack, counted once a sample. */
export type Costs = {
  readonly flat: Float64Array;
  readonly cum: Float64Array;
  /** 1 where a sample with a value other than 0 holds the row; pprof lists no others. */
  readonly seen: Uint8Array;
};

/** Sum of the values' sizes: what 100 % is, also in a difference (google/pprof internal/report `computeTotal`). */
export function totalOf(profile: Profile, type: number): number {
  const types = profile.sampleTypes.length;
  let total = 0;
  for (let sample = 0; sample < profile.sampleCount; sample++)
    total += Math.abs(profile.values[sample * types + type] ?? 0);
  return total;
}

/** Costs of each function, in the order of `profile.functions`; equal to `go tool pprof -top`. */
export function functionCosts(profile: Profile, type: number): Costs {
  return costs(profile, type, profile.functions.length, profile.frameFunction);
}

/**
 * Costs of each source line that was seen. `file` and `line` tell the rows. Equal to `go tool pprof -top -lines`, but
 * that a line which two functions share (a closure and what it is in) is one row here, counted once a sample.
 */
export function lineCosts(
  profile: Profile,
  type: number,
): Costs & { readonly file: Uint32Array; readonly line: Uint32Array } {
  const rows = new PairTable();
  const rowOfFrame = Uint32Array.from(profile.frameFile, (file, frame) =>
    rows.idOf(file, profile.frameLine[frame] ?? 0),
  );
  const file = new Uint32Array(rows.size);
  const line = new Uint32Array(rows.size);
  for (const [frame, row] of rowOfFrame.entries()) {
    file[row] = profile.frameFile[frame] ?? 0;
    line[row] = profile.frameLine[frame] ?? 0;
  }
  return { file, line, ...costs(profile, type, rows.size, rowOfFrame) };
}

function costs(profile: Profile, type: number, rows: number, rowOfFrame: Uint32Array): Costs {
  const { stack, stackStart, values, sampleCount } = profile;
  const types = profile.sampleTypes.length;
  const flat = new Float64Array(rows);
  const cum = new Float64Array(rows);
  const seen = new Uint8Array(rows);
  // The last sample (plus 1) that counted the row: recursion counts once.
  const counted = new Uint32Array(rows);
  for (let sample = 0; sample < sampleCount; sample++) {
    const value = values[sample * types + type] ?? 0;
    if (value === 0) continue;
    const start = stackStart[sample] ?? 0;
    const end = stackStart[sample + 1] ?? 0;
    for (let at = start; at < end; at++) {
      const row = rowOfFrame[stack[at] ?? 0] ?? 0;
      if (at === start) flat[row] = (flat[row] ?? 0) + value;
      if (counted[row] === sample + 1) continue;
      counted[row] = sample + 1;
      cum[row] = (cum[row] ?? 0) + value;
      seen[row] = 1;
    }
  }
  return { flat, cum, seen };
}
