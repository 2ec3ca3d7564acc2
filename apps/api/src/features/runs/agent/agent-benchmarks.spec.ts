import { create } from '@bufbuild/protobuf';
import { runEventBodySchema, startRunSchema } from '@lineage/contracts';
import { BenchmarkSchema, EndSchema, TestEventSchema, TestOutcome, Verdict } from '@lineage/runner-protocol';
import { describe, expect, it } from 'vitest';
import { benchmarkBody } from './agent-benchmarks.ts';
import { AgentProtocolError, endBody, testBody } from './agent-events.ts';

describe('benchmarks', () => {
  it('are told with their worth, in figures that JSON has', () => {
    const body = benchmarkBody(
      create(BenchmarkSchema, {
        name: 'BenchmarkQueue/full\0',
        unit: 'sec/op',
        values: [1e-9, 2e-9, Number.NaN],
        center: 2e-9,
        low: 1e-9,
        high: Number.POSITIVE_INFINITY,
        warnings: Array.from({ length: 20 }, () => 'few values'),
        comparison: { previousCenter: 4e-9, p: 0.01, differs: true, alpha: 0.05, change: -0.5 },
      }),
    );
    expect(runEventBodySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      values: [1e-9, 2e-9, 0],
      high: 0,
      comparison: { change: -0.5, differs: true },
    });
    expect(body.name).not.toContain('\0');
    expect(body.warnings).toHaveLength(8);
    expect(benchmarkBody(create(BenchmarkSchema, { name: 'BenchmarkNew' })).comparison).toBeNull();
    const long = create(BenchmarkSchema, { values: Array.from({ length: 101 }, () => 1) });
    expect(() => benchmarkBody(long)).toThrow(AgentProtocolError);
  });

  it('end with how quiet the machine was', () => {
    const end = create(EndSchema, {
      verdict: Verdict.PASSED,
      quiet: { alone: true, otherCores: 0.125, cores: 2 },
    });
    expect(endBody(end).quiet).toEqual({ alone: true, otherCores: 0.125, cores: 2 });
    expect(endBody(create(EndSchema, { verdict: Verdict.PASSED }))).not.toHaveProperty('quiet');
  });

  it('and tests say how often they ran', () => {
    const test = create(TestEventSchema, { name: 'TestA', outcome: TestOutcome.FAILED, attempt: 3 });
    expect(testBody(test)).toMatchObject({ outcome: 'failed', attempt: 3 });
  });

  it('take options within their bounds, and no other kind of run does', () => {
    const asked = (kind: string, testing: object) => startRunSchema.safeParse({ kind, testing }).success;
    expect(
      asked('bench', {
        count: 10,
        benchMs: 500,
        previous: [{ name: 'BenchmarkA', unit: 'sec/op', values: [1] }],
      }),
    ).toBe(true);
    expect(asked('test', { shuffle: '1234' })).toBe(true);
    expect(asked('run', { count: 2 })).toBe(false);
    expect(asked('test', { count: 101 })).toBe(false);
    expect(asked('test', { shuffle: 'off; rm' })).toBe(false);
  });
});
