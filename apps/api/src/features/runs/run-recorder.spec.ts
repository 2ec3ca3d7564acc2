import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { runIdSchema } from '@lineage/contracts';
import {
  type ExecuteResponse,
  ExecuteResponseSchema,
  StageName,
  Stream,
  TestOutcome,
  Verdict,
} from '@lineage/runner-protocol';
import { describe, expect, it, vi } from 'vitest';
import { AgentProtocolError } from './agent/agent-events.ts';
import { type RunLog, RunRecorder } from './run-recorder.ts';
import type { NewEvent, RunChange } from './run-store.ts';

const id = runIdSchema.parse('01890000-0000-7000-8000-000000000001');
type Event = MessageInitShape<typeof ExecuteResponseSchema>['event'];

const message = (seq: number, event: Event): ExecuteResponse =>
  create(ExecuteResponseSchema, { seq: BigInt(seq), event: event ?? { case: undefined } });
const out = (text: string): Event => ({
  case: 'output',
  value: { stream: Stream.STDOUT, data: new TextEncoder().encode(text) },
});
const end: Event = { case: 'end', value: { verdict: Verdict.PASSED } };

function recording(): {
  log: RunLog;
  events: NewEvent[];
  changes: RunChange[];
  glimpses: string[];
} {
  const events: NewEvent[] = [];
  const changes: RunChange[] = [];
  const glimpses: string[] = [];
  const append = async (_: string, happened: readonly NewEvent[], change: RunChange = {}): Promise<void> => {
    await Promise.resolve();
    events.push(...happened);
    changes.push(change);
  };
  const glimpse = (_: string, stream: string, text: string): void => void glimpses.push(`${stream} ${text}`);
  return { log: { append, glimpse }, events, changes, glimpses };
}

async function* from(...items: ExecuteResponse[]): AsyncGenerator<ExecuteResponse> {
  for (const item of items) yield await Promise.resolve(item);
}

describe('RunRecorder', () => {
  it('commits stages, output and the end in order, and the state with them', async () => {
    const { log, events, changes } = recording();
    const running: Event = { case: 'stage', value: { name: StageName.RUN } };
    await new RunRecorder(id, log, Date.now()).record(
      from(message(1, running), message(2, out('a')), message(3, out('b')), message(4, end)),
    );
    expect(events.map((e) => e.body.type)).toEqual(['stage', 'output', 'output', 'end']);
    expect(changes[0]).toEqual({ state: 'running' });
    expect(changes.at(-1)).toMatchObject({ state: 'passed' });
  });

  it('commits the last words of a program that then falls silent', async () => {
    const { log, events } = recording();
    const silence = Promise.withResolvers<undefined>();
    async function* quiet(): AsyncGenerator<ExecuteResponse> {
      yield message(1, out('first'));
      yield message(2, out('last'));
      await silence.promise;
      yield message(3, end);
    }
    const recorded = new RunRecorder(id, log, Date.now()).record(quiet());
    await vi.waitFor(() => expect(events).toHaveLength(2));
    silence.resolve(undefined);
    await recorded;
    expect(events).toHaveLength(3);
  });

  it('puts remarks together, in order with everything else, and bounds them apart from other events', async () => {
    const { log, events } = recording();
    const remark = (line: number): Event => ({
      case: 'remark',
      value: { path: 'main.go', line, kind: 'heap' },
    });
    const lines = Array.from({ length: 20_000 }, (_, at) => message(at + 1, remark(at + 1)));
    await new RunRecorder(id, log, 0).record(from(...lines, message(20_001, end)));
    const told = events.flatMap(({ body }) => (body.type === 'remarks' ? body.remarks : []));
    expect(told.map(({ line }) => line)).toEqual(lines.map((_, at) => at + 1));
    expect(events).toHaveLength(101);
    expect(events.at(-1)?.body.type).toBe('end');
    await expect(
      new RunRecorder(id, log, 0).record(from(...lines, message(20_001, remark(1)))),
    ).rejects.toThrow(AgentProtocolError);
  });

  it('takes no more while what is large waits for a slow disk', async () => {
    const { log, events } = recording();
    const disk = Promise.withResolvers<undefined>();
    const slow: RunLog = {
      ...log,
      append: async (...given: Parameters<typeof log.append>) => {
        await disk.promise;
        await log.append(...given);
      },
    };
    const large: Event = {
      case: 'formatted',
      value: { path: 'main.go', content: new TextEncoder().encode('x'.repeat(100_000)) },
    };
    let taken = 0;
    async function* flood(): AsyncGenerator<ExecuteResponse> {
      for (; taken < 50; taken++) yield await Promise.resolve(message(taken + 1, large));
      yield message(51, end);
    }
    const recorded = new RunRecorder(id, slow, Date.now()).record(flood());
    // Long enough for all of them, were nothing in their way.
    for (let turn = 0; turn < 500; turn++) await Promise.resolve();
    expect(taken).toBeLessThan(3);
    disk.resolve(undefined);
    await recorded;
    expect(events).toHaveLength(51);
  });

  it('tells at once what is only to be looked at, seldom enough, and keeps none of it', async () => {
    const { log, events, glimpses } = recording();
    const glimpse: Event = {
      case: 'glimpse',
      value: { stream: Stream.STDERR, data: new Uint8Array(10_000).fill(0xff) },
    };
    const many = Array.from({ length: 30_000 }, (_, at) => message(at + 1, glimpse));
    const started = Date.now();
    await new RunRecorder(id, log, 0).record(from(...many, message(30_001, end)));
    expect(events.map((e) => e.body.type)).toEqual(['end']);
    expect(glimpses[0]).toBe(`stderr ${'\uFFFD'.repeat(8192)}`);
    expect(glimpses.length).toBeLessThanOrEqual(1 + (Date.now() - started) / 50);
  });

  it('keeps of what many tests wrote no more than it may, and each test', async () => {
    const { log, events } = recording();
    const output = 'x'.repeat(64 * 1024);
    const tests = Array.from({ length: 100 }, (_, at) =>
      message(at + 1, {
        case: 'test',
        value: { name: `Test${at}`, outcome: TestOutcome.FAILED, output },
      }),
    );
    await new RunRecorder(id, log, 0).record(from(...tests, message(101, end)));
    const kept = events.flatMap(({ body }) => (body.type === 'test' ? [body.output] : []));
    expect(kept).toHaveLength(100);
    expect(kept.join('')).toHaveLength(4 * 1024 * 1024);
  });

  it('goes on after an event of an agent that knows more', async () => {
    const { log, events } = recording();
    await new RunRecorder(id, log, 0).record(
      from(message(1, out('a')), message(2, { case: undefined }), message(3, end)),
    );
    expect(events.map((e) => e.body.type)).toEqual(['output', 'end']);
  });

  it('refuses a stream with a hole, and one that just ends', async () => {
    const { log } = recording();
    await expect(new RunRecorder(id, log, 0).record(from(message(2, end)))).rejects.toThrow(
      AgentProtocolError,
    );
    await expect(new RunRecorder(id, log, 0).record(from(message(1, out('x'))))).rejects.toThrow(
      AgentProtocolError,
    );
  });
});
