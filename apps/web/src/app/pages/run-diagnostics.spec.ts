import { runIdSchema, type Diagnostic, type RunEvent } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { markedDiagnostics } from './run-diagnostics.ts';

const found = (line: number, source: string): Diagnostic => ({
  path: 'a.go',
  line,
  column: 1,
  message: 'm',
  source,
});
const runId = runIdSchema.parse('01890000-0000-7000-8000-000000000001');
const events: RunEvent[] = [found(1, 'vet'), found(2, 'compile')].map((one, at) => ({
  runId,
  seq: at + 1,
  atMs: 0,
  body: { type: 'diagnostic', ...one },
}));
const lines = (...args: Parameters<typeof markedDiagnostics>) =>
  markedDiagnostics(...args).map(({ line }) => line);

describe('what is marked in the editor', () => {
  it('is what the run said while nothing newer is known', () => {
    expect(lines(null, { snapshotHash: 'a' }, events)).toEqual([1, 2]);
  });

  it('is what is said of the text as it stands, and what vet found in that very text', () => {
    const checked = { snapshotHash: 'a', diagnostics: [found(3, 'compile')] };
    expect(lines(checked, { snapshotHash: 'b' }, events)).toEqual([3]);
    expect(lines(checked, { snapshotHash: 'a' }, events)).toEqual([3, 1]);
    expect(lines({ ...checked, diagnostics: [found(1, 'vet')] }, { snapshotHash: 'a' }, events)).toEqual([1]);
  });
});
