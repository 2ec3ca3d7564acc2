import { create } from '@bufbuild/protobuf';
import { runEventBodySchema, startRunSchema } from '@lineage/contracts';
import { FuzzFailureSchema, FuzzProgressSchema } from '@lineage/runner-protocol';
import { describe, expect, it } from 'vitest';
import { AgentProtocolError } from './agent-events.ts';
import { failureBody, progressBody } from './agent-fuzz.ts';

const path = 'testdata/fuzz/FuzzParse/0123456789abcdef';
const failure = (content: Uint8Array, at = path, target = 'FuzzParse') =>
  failureBody(create(FuzzFailureSchema, { target, input: { path: at, content }, sizeBytes: 40n }));
const bytes = (text: string) => new TextEncoder().encode(text);

describe('fuzzing', () => {
  it('tells its progress', () => {
    const told = { elapsedUs: 3_000_000n, executions: 2n ** 63n, interesting: 4n, workers: 2 };
    const body = progressBody(create(FuzzProgressSchema, told));
    expect(runEventBodySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ elapsedMs: 3000, executions: Number.MAX_SAFE_INTEGER, interesting: 4 });
  });

  it('tells an input that fails as a file of the corpus, and no other', () => {
    const body = failure(bytes('go test fuzz v1\nstring("界")\n'));
    expect(runEventBodySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ path, content: 'go test fuzz v1\nstring("界")\n' });
    for (const [at, target] of [
      ['testdata/fuzz/FuzzParse/../../../main.go', 'FuzzParse'],
      ['/etc/passwd', 'FuzzParse'],
      [path, 'FuzzOther'],
    ] as const)
      expect(() => failure(bytes('x'), at, target)).toThrow(AgentProtocolError);
    expect(() => failure(new Uint8Array(40_000))).toThrow(AgentProtocolError);
  });

  it('tells no text where there is none', () => {
    expect(failure(new Uint8Array()).content).toBeNull();
    expect(failure(new Uint8Array([0xff])).content).toBeNull();
    expect(failure(bytes('a\0')).content).toBeNull();
  });

  it('is of one target by itself, in a run of tests', () => {
    const asks = (testing: object, more: object = {}) =>
      startRunSchema.safeParse({ kind: 'test', testing, ...more }).success;
    expect(asks({ fuzz: 'FuzzParse', fuzzMs: 60_000 })).toBe(true);
    for (const bad of [
      { fuzz: 'Parse' },
      { fuzz: 'FuzzA|FuzzB' },
      { fuzzMs: 5 },
      { fuzz: 'FuzzA', fuzzMs: 300_001 },
    ])
      expect(asks(bad), JSON.stringify(bad)).toBe(false);
    expect(asks({ fuzz: 'FuzzA', coverage: true })).toBe(false);
    expect(asks({ fuzz: 'FuzzA' }, { pattern: 'X' })).toBe(false);
    expect(asks({ fuzz: 'FuzzA' }, { kind: 'race' })).toBe(false);
  });
});
