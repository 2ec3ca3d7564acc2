import { create } from '@bufbuild/protobuf';
import { runEventBodySchema, startRunSchema } from '@lineage/contracts';
import { SweepParameter, SweepPointSchema, Verdict } from '@lineage/runner-protocol';
import { describe, expect, it } from 'vitest';
import { AgentProtocolError } from './agent-events.ts';
import { sweepPointBody, wireSweep } from './agent-sweep.ts';

describe('a sweep', () => {
  it('is a program with values that its parameter takes, and no profile', () => {
    const asked = (request: object) => startRunSchema.safeParse({ kind: 'run', ...request }).success;
    const sweep = { parameter: 'GOGC', values: ['50', 'off'], repeat: 3 };
    expect(asked({ sweep })).toBe(true);
    expect(asked({ sweep, signals: ['gctrace', 'schedtrace'] })).toBe(true);
    expect(asked({ sweep, signals: ['trace'] })).toBe(false);
    expect(asked({ sweep, kind: 'test' })).toBe(false);
    expect(asked({ sweep: { ...sweep, values: ['50\nPATH=/'] } })).toBe(false);
    expect(asked({ sweep: { ...sweep, values: [] } })).toBe(false);
    expect(asked({ sweep: { ...sweep, values: Array.from({ length: 16 }, () => '1'), repeat: 5 } })).toBe(
      false,
    );
    expect(wireSweep({ parameter: 'argument', values: ['10'], repeat: 1 })).toEqual({
      parameter: SweepParameter.ARGUMENT,
      values: ['10'],
      repeat: 1,
    });
  });

  it('tells each of its runs', () => {
    const body = sweepPointBody(
      create(SweepPointSchema, {
        value: '50',
        attempt: 2,
        verdict: Verdict.LIMITED,
        wallUs: 1500n,
        gcCycles: 7n,
      }),
    );
    expect(runEventBodySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ value: '50', attempt: 2, verdict: 'limited', wallMs: 1.5, gcCycles: 7 });
    expect(() => sweepPointBody(create(SweepPointSchema, { value: '50' }))).toThrow(AgentProtocolError);
  });
});
