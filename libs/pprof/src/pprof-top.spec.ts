import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildCallTree } from './call-tree.ts';
import { decodeProfile } from './decode.ts';
import { functionCosts, lineCosts, totalOf, type Costs } from './function-table.ts';
import type { Profile } from './profile.ts';

const folder = path.join(import.meta.dirname, '../testdata');
const goldens = readdirSync(folder).filter((name) => name.endsWith('.txt'));

type Row = { name: string; flat: number; cum: number };

/** The rows and the total of `go tool pprof -top`, whose values end in the unit that was asked for. */
function readGolden(name: string): { rows: Row[]; total: number } {
  const text = readFileSync(path.join(folder, name), 'utf8');
  const rows = text.split('\n').flatMap((line): Row[] => {
    const found =
      /^\s*(-?\d+)\w*\s+\S+%\s+\S+%\s+(-?\d+)\w*\s+\S+%\s+(.*?)(?: \((?:partial-)?inline\))?$/.exec(line);
    return found === null ? [] : [{ flat: Number(found[1]), cum: Number(found[2]), name: found[3] ?? '' }];
  });
  return { rows, total: Number(/% of (\d+)\w* total$/m.exec(text)?.[1]) };
}

const byName = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.cum - b.cum));

function seenRows({ flat, cum, seen }: Costs, nameOf: (row: number) => string): Row[] {
  return [...seen.keys()]
    .filter((row) => seen[row] === 1)
    .map((row) => ({ name: nameOf(row), flat: flat[row] ?? 0, cum: cum[row] ?? 0 }));
}

async function load(golden: string): Promise<{ profile: Profile; type: number; granularity: string }> {
  const [file = '', wanted = '', granularity = ''] = golden.split('.');
  const profile = await decodeProfile(readFileSync(path.join(folder, `${file}.pb.gz`)));
  return { profile, type: profile.sampleTypes.findIndex(({ type }) => type === wanted), granularity };
}

describe('go tool pprof -top', () => {
  it('was asked about every kind of sample', () => {
    expect(goldens.length).toBe(30);
  });

  it.each(goldens)('is equalled to the last digit: %s', async (golden) => {
    const { profile, type, granularity } = await load(golden);
    const { rows, total } = readGolden(golden);
    expect(type).toBeGreaterThanOrEqual(0);
    expect(rows.length).toBeGreaterThan(0);
    expect(totalOf(profile, type)).toBe(total);
    if (granularity === 'functions') {
      const ours = seenRows(functionCosts(profile, type), (row) => profile.functions[row] ?? '');
      expect(byName(ours)).toEqual(byName(rows));
      return;
    }
    const costs = lineCosts(profile, type);
    const ours = seenRows(
      costs,
      (row) => `${profile.files[costs.file[row] ?? 0] ?? ''}:${costs.line[row] ?? 0}`,
    );
    const places = Map.groupBy(rows, ({ name }) => name.slice(name.lastIndexOf(' ') + 1));
    expect(ours.length).toBe(places.size);
    for (const { name, flat, cum } of ours) {
      const theirs = places.get(name) ?? [];
      const sums = theirs.map((row) => row.cum);
      expect([name, flat]).toEqual([name, theirs.reduce((sum, row) => sum + row.flat, 0)]);
      // Two functions on one line may be on one stack: pprof has a row for each, and counts that stack in both.
      expect(cum, name).toBeGreaterThanOrEqual(Math.max(...sums));
      expect(cum, name).toBeLessThanOrEqual(sums.reduce((sum, each) => sum + each, 0));
    }
  });

  it.each(goldens.filter((name) => name.endsWith('.functions.txt')))(
    'has the same flat costs in the tree of calls: %s',
    async (golden) => {
      const { profile, type } = await load(golden);
      const tree = buildCallTree(profile, type);
      const self = new Map<string, number>();
      for (const [node, id] of tree.functionId.entries())
        if (node > 0) {
          const name = profile.functions[id] ?? '';
          self.set(name, (self.get(name) ?? 0) + (tree.self[node] ?? 0));
        }
      for (const { name, flat } of readGolden(golden).rows)
        expect([name, self.get(name)]).toEqual([name, flat]);
    },
  );
});
