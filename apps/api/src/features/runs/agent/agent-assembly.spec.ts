import { create } from '@bufbuild/protobuf';
import { runEventBodySchema, startRunSchema } from '@lineage/contracts';
import { AssemblySchema } from '@lineage/runner-protocol';
import { describe, expect, it } from 'vitest';
import { AssemblyBudget } from './agent-assembly.ts';
import { AgentProtocolError } from './agent-events.ts';

const functionOf = (size: number) =>
  create(AssemblySchema, {
    function: 'main.add\0',
    path: 'main.go',
    line: 5,
    sizeBytes: 4,
    frameBytes: 24,
    instructions: Array.from({ length: size }, (_, offset) => ({
      offset,
      path: 'main.go',
      line: 6,
      text: 'ADDQ BX, AX',
    })),
  });

describe('assembly', () => {
  it('is told by function and line', () => {
    const body = new AssemblyBudget().admit(functionOf(2));
    expect(runEventBodySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      line: 5,
      frameBytes: 24,
      instructions: [{ offset: 0 }, { offset: 1, text: 'ADDQ BX, AX' }],
    });
    expect(body?.function).not.toContain('\0');
  });

  it('is kept until a run has told as much as it may', () => {
    const budget = new AssemblyBudget();
    for (let nth = 0; nth < 20; nth += 1) expect(budget.admit(functionOf(2000))).not.toBeNull();
    expect(budget.admit(functionOf(1))).toBeNull();
    expect(() => budget.admit(functionOf(2001))).toThrow(AgentProtocolError);
  });

  it('is of builds alone', () => {
    expect(startRunSchema.safeParse({ kind: 'build', assembly: 'add$' }).success).toBe(true);
    expect(startRunSchema.safeParse({ kind: 'run', assembly: 'add$' }).success).toBe(false);
  });
});
