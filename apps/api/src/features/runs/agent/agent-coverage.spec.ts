import { create } from '@bufbuild/protobuf';
import { runEventBodySchema, startRunSchema } from '@lineage/contracts';
import { CoverageSchema } from '@lineage/runner-protocol';
import { describe, expect, it } from 'vitest';
import { CoverageBudget } from './agent-coverage.ts';
import { AgentProtocolError } from './agent-events.ts';

const fileOf = (blocks: number, lines = 3) =>
  create(CoverageSchema, {
    path: 'main.go\0',
    package: 'lesson',
    blocks: Array.from({ length: blocks }, () => ({
      startLine: 1,
      startColumn: 2,
      endLine: 3,
      endColumn: 4,
      statements: 5,
      count: 2n ** 63n,
    })),
    lineSums: Array.from({ length: lines }, () => 4_294_967_295),
  });

describe('coverage', () => {
  it('is told by block, with the text that it is of', () => {
    const body = new CoverageBudget().admit(fileOf(1));
    expect(runEventBodySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ blocks: [[1, 2, 3, 4, 5, Number.MAX_SAFE_INTEGER]] });
    expect(body?.path).not.toContain('\0');
  });

  it('is kept until a run has told as much as it may', () => {
    const budget = new CoverageBudget();
    for (let nth = 0; nth < 6; nth += 1) expect(budget.admit(fileOf(10_000))).not.toBeNull();
    expect(budget.admit(fileOf(1))).toBeNull();
    expect(budget.admit(fileOf(0, 200_000))).toBeNull();
    expect(() => budget.admit(fileOf(10_001))).toThrow(AgentProtocolError);
    expect(() => budget.admit(fileOf(0, 262_146))).toThrow(AgentProtocolError);
  });

  it('is of tests alone', () => {
    const asks = (kind: string) => startRunSchema.safeParse({ kind, testing: { coverage: true } }).success;
    expect([asks('test'), asks('bench'), asks('race'), asks('run')]).toEqual([true, false, false, false]);
  });
});
