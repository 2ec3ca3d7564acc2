import { create } from '@bufbuild/protobuf';
import {
  EndSchema,
  StageName,
  StageSchema,
  TestEventSchema,
  TestOutcome,
  Verdict,
} from '@lineage/runner-protocol';
import { runEventBodySchema } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { AgentProtocolError, endBody, stageBody, testBody } from './agent-events.ts';

describe('events of the agent', () => {
  it('become events of the contract', () => {
    const stage = stageBody(
      create(StageSchema, { name: StageName.COMPILE, finished: true, durationUs: 43_000n, detail: 'fast' }),
    );
    expect(runEventBodySchema.parse(stage)).toMatchObject({ stage: 'compile', durationMs: 43, place: null });
    const test = testBody(
      create(TestEventSchema, { name: 'TestA', outcome: TestOutcome.MISSING, output: 'a\0\ud800' }),
    );
    expect(runEventBodySchema.parse(test)).toMatchObject({ outcome: 'missing', output: 'a\u2400\ufffd' });
    const end = endBody(
      create(EndSchema, { verdict: Verdict.LIMITED, limit: 'memory', wallUs: -5n, stdoutBytes: 2n ** 63n }),
    );
    expect(runEventBodySchema.parse(end)).toMatchObject({ verdict: 'limited', limit: 'memory', wallMs: 0 });
  });

  it('are refused when the protocol does not know them', () => {
    expect(() => stageBody(create(StageSchema, {}))).toThrow(AgentProtocolError);
    expect(() => endBody(create(EndSchema, { verdict: Verdict.LIMITED, limit: 'luck' }))).toThrow(
      AgentProtocolError,
    );
    expect(() => endBody(create(EndSchema, {}))).toThrow(AgentProtocolError);
  });
});
