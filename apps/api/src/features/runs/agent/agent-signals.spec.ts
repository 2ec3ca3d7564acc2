import { create } from '@bufbuild/protobuf';
import { runEventBodySchema } from '@lineage/contracts';
import { MetricsSchema, ProfileWindowSchema, RuntimeRecordsSchema } from '@lineage/runner-protocol';
import { describe, expect, it } from 'vitest';
import { AgentProtocolError } from './agent-events.ts';
import { metricsBody, recordsBody, WindowBudget } from './agent-signals.ts';

describe('signals of a running program', () => {
  it('become bodies of events that the contract takes, whatever figures were sent', () => {
    const records = recordsBody(
      create(RuntimeRecordsSchema, {
        gc: [{ number: 3, atS: Number.NaN, clockMarkMs: 1.5, cpuEndMs: -1, heapLiveMib: 2n ** 63n }],
        sched: [{ atMs: 100n, gomaxprocs: 2, localQueues: [1, 0], ticks: [7n, 8n] }],
        inits: [{ package: 'net/http\0', atMs: 1.25, bytes: 12n }],
        leftOut: 4n,
      }),
    );
    expect(runEventBodySchema.parse(records)).toEqual(records);
    expect(records.gc[0]).toMatchObject({ number: 3, atS: 0, clockMs: { mark: 1.5 }, cpuMs: { end: 0 } });
    expect(records.gc[0]?.heapMib.live).toBe(Number.MAX_SAFE_INTEGER);
    expect(records.sched[0]).toMatchObject({ atMs: 100, localQueues: [1, 0], ticks: [7, 8] });
    expect(records.inits[0]?.package).not.toContain('\0');
    expect(records.leftOut).toBe(4);
    const metrics = metricsBody(
      create(MetricsSchema, {
        samples: [{ atUs: 1500n, goroutines: 3n, gcPauseMaxS: Number.POSITIVE_INFINITY }],
      }),
    );
    expect(runEventBodySchema.parse(metrics)).toEqual(metrics);
    expect(metrics.samples[0]).toMatchObject({ atMs: 1.5, goroutines: 3, gcPauseMaxS: 0 });
  });

  it('are refused when there are more than the agent may tell', () => {
    const records = create(RuntimeRecordsSchema, { inits: Array.from({ length: 4001 }, () => ({})) });
    expect(() => recordsBody(records)).toThrow(AgentProtocolError);
    const metrics = create(MetricsSchema, { samples: Array.from({ length: 17 }, () => ({})) });
    expect(() => metricsBody(metrics)).toThrow(AgentProtocolError);
  });

  it('are windows until a run has kept as many bytes as it may, and the others are counted', () => {
    const budget = new WindowBudget();
    const window = (number: number, bytes = 64 * 1024, leftOut = 0) =>
      create(ProfileWindowSchema, {
        signal: 'cpu',
        number,
        fromUs: 250_000n,
        toUs: 500_000n,
        profile: new Uint8Array(bytes).fill(1),
        leftOut,
      });
    const first = budget.admit(window(1, 3, 2));
    expect(runEventBodySchema.parse(first)).toEqual(first);
    expect(first).toMatchObject({ profile: 'AQEB', fromMs: 250, toMs: 500, leftOut: 2 });
    for (let number = 2; number <= 64; number += 1) expect(budget.admit(window(number))).not.toBeNull();
    expect(budget.admit(window(65))).toBeNull();
    expect(budget.admit(window(66, 10, 1))).toMatchObject({ number: 66, leftOut: 2 });
    expect(() => budget.admit(window(67, 64 * 1024 + 1))).toThrow(AgentProtocolError);
  });
});
