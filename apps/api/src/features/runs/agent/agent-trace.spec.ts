import { create } from '@bufbuild/protobuf';
import { runEventBodySchema } from '@lineage/contracts';
import { TraceBatchSchema, TraceMark_Kind, TraceState, TraceTile_Lane } from '@lineage/runner-protocol';
import { describe, expect, it } from 'vitest';
import { AgentProtocolError } from './agent-events.ts';
import { TraceBudget } from './agent-trace.ts';

const at = { function: 'main.main', path: 'main.go', line: 30, inWorkspace: true };

describe('an execution trace', () => {
  it('becomes spans, tiles and marks that the contract takes, with each name once', () => {
    const span = {
      goroutine: 1n,
      state: TraceState.WAITING,
      fromUs: 1500n,
      toUs: 2500n,
      proc: -1,
      reason: 'chan send',
      at,
    };
    const body = new TraceBudget().admit(
      create(TraceBatchSchema, {
        fromUs: 1000n,
        toUs: 3000n,
        goroutines: [
          { id: 1n, function: 'main.main\0' },
          { id: 7n, createdBy: at, createdIn: 1n },
        ],
        spans: [
          span,
          { ...span, goroutine: 2n },
          { ...span, state: TraceState.RUNNING, proc: 1, reason: '' },
          { state: 99 as TraceState },
        ],
        tiles: [
          { lane: TraceTile_Lane.PROC, id: 1n, level: 2, index: 3, runningUs: 500n, changes: 4 },
          { lane: 9 as TraceTile_Lane },
        ],
        marks: [{ kind: TraceMark_Kind.RANGE, name: 'GC', fromUs: 1000n, toUs: 2000n }],
        events: 12n,
        spansLeftOut: 3n,
      }),
    );
    expect(runEventBodySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      fromMs: 1,
      toMs: 3,
      reasons: ['chan send'],
      calls: [at],
      events: 12,
      spansLeftOut: 3,
    });
    expect(body?.spans).toEqual([
      [1, 'waiting', 1.5, 2.5, -1, 0, 0],
      [2, 'waiting', 1.5, 2.5, -1, 0, 0],
      [1, 'running', 1.5, 2.5, 1, -1, 0],
    ]);
    expect(body?.tiles).toEqual([['proc', 1, 2, 3, 0.5, 0, 0, 0, 4]]);
    expect(body?.goroutines[0]?.function).not.toContain('\0');
  });

  it('is kept until a run has told as much as it may', () => {
    const budget = new TraceBudget();
    const batch = (tiles: number) =>
      create(TraceBatchSchema, {
        tiles: Array.from({ length: tiles }, () => ({ lane: TraceTile_Lane.ALL })),
      });
    for (let nth = 0; nth < 5; nth += 1) expect(budget.admit(batch(50_000))).not.toBeNull();
    expect(budget.admit(batch(1))).toBeNull();
    expect(() => new TraceBudget().admit(batch(60_001))).toThrow(AgentProtocolError);
  });
});
