import type { AssemblyBody } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { functionFor, shownInstructions } from './assembly-lines.ts';

const made = (name: string, path: string, lines: [string, number][]): AssemblyBody => ({
  type: 'assembly',
  function: name,
  path,
  line: lines[0]?.[1] ?? 0,
  sizeBytes: 1,
  frameBytes: 0,
  instructions: lines.map(([at, line], offset) => ({ offset, path: at, line, text: 'NOP' })),
  truncated: false,
});
const caller = made('main.caller', 'a.go', [
  ['a.go', 3],
  ['a.go', 3],
  ['b.go', 9],
  ['a.go', 4],
]);
const callee = made('main.callee', 'b.go', [['b.go', 9]]);
const functions = [caller, callee];
const nameFor = (file: string, line: number, shown = ''): string =>
  functionFor(functions, { file, line }, shown)?.function ?? '';

describe('the assembly of a line', () => {
  it('is that of the function shown, where it has some, also by inlining', () => {
    expect(nameFor('b.go', 9, 'main.caller')).toBe('main.caller');
    expect(nameFor('b.go', 9)).toBe('main.callee');
    expect(nameFor('a.go', 4, 'main.callee')).toBe('main.caller');
  });

  it('leaves what is shown for a line that has none', () => {
    expect(nameFor('a.go', 99, 'main.callee')).toBe('main.callee');
    expect(functionFor(functions, null, '')?.function).toBe('main.caller');
    expect(functionFor([], null, '')).toBeUndefined();
  });

  it('names a line once for the instructions that follow one another', () => {
    expect(shownInstructions(caller).map(({ isFirst }) => isFirst)).toEqual([true, false, true, true]);
  });
});
