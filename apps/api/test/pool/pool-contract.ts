import type { GroupId } from '@lineage/contracts';
import {
  BuildOutcome,
  type End,
  type ExecuteResponse,
  RunKind,
  Signal,
  StageName,
  Verdict,
} from '@lineage/runner-protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InputQueue } from '../../src/features/runs/input-queue.ts';
import {
  type ExecuteInput,
  RunnerLost,
  type RunnerPool,
  type StartInput,
} from '../../src/features/runs/runner-pool.ts';
import { newId } from '../../src/platform/ids/index.ts';

/** A pool that works, and what a test may do to it. */
export type PoolGround = {
  readonly pool: RunnerPool;
  /** Ends the agent that the group's programs run on, with no warning. */
  killRunnerOf(group: GroupId): Promise<void>;
  close(): Promise<void>;
};

/** The first build of a machine compiles what later ones find, and a pod may have to be made. */
const patience = { timeout: 60_000, interval: 20 };

export const someGroup = (): GroupId => newId<GroupId>();
const never = (): AbortSignal => new AbortController().signal;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A start of a main.go with these statements. */
export function startOf(statements: string, more: Partial<StartInput> = {}): StartInput {
  const main = `package main\n\nimport (\n\t"fmt"\n\t"os"\n\t"time"\n)\n\nvar _, _, _ = fmt.Print, os.Exit, time.Sleep\n\nfunc main() {\n${statements}\n}\n`;
  const files = { 'go.mod': 'module lesson\n\ngo 1.27\n', 'main.go': main };
  return {
    runId: newId<string>(),
    kind: RunKind.RUN,
    files: Object.entries(files).map(([path, text]) => ({ path, content: encode(text) })),
    ...more,
  } as StartInput;
}

/** One run that is under way. */
export class Watched {
  readonly input = new InputQueue<ExecuteInput>();
  readonly events: ExecuteResponse[] = [];
  readonly done: Promise<void>;

  constructor(pool: RunnerPool, group: GroupId, start: StartInput, signal = never()) {
    this.input.push({ request: { case: 'start', value: start } });
    this.done = this.#read(pool.execute(group, this.input, signal));
    // Looked at by the test, when it wants to.
    this.done.catch(() => undefined);
  }

  get output(): string {
    const pieces = this.events.flatMap(({ event }) => (event.case === 'output' ? [event.value.data] : []));
    return new TextDecoder().decode(Buffer.concat(pieces));
  }

  get end(): End | undefined {
    return this.events.flatMap(({ event }) => (event.case === 'end' ? [event.value] : []))[0];
  }

  stages(name: StageName): string[] {
    return this.events.flatMap(({ event }) =>
      event.case === 'stage' && event.value.name === name ? [event.value.detail] : [],
    );
  }

  async says(text: string): Promise<void> {
    await expect.poll(() => this.output, patience).toContain(text);
  }

  async #read(stream: AsyncIterable<ExecuteResponse>): Promise<void> {
    try {
      for await (const message of stream) {
        this.events.push(message);
        if (message.event.case === 'end') break;
      }
    } finally {
      this.input.close();
    }
  }
}

/** What every pool promises, whatever its agents live in. */
export function poolContract(name: string, open: () => Promise<PoolGround>): void {
  describe(`${name} keeps the contract of a runner pool: it`, { timeout: 120_000 }, () => {
    let ground: PoolGround;
    beforeAll(async () => {
      ground = await open();
      await vi.waitFor(() => expect(ground.pool.state()).toEqual({ ready: true }), patience);
    }, 120_000);
    afterAll(() => ground.close(), 60_000);

    const begin = (start: StartInput, group = someGroup(), signal = never()): Watched =>
      new Watched(ground.pool, group, start, signal);

    it('performs a run and tells everything in order', async () => {
      const run = begin(startOf('\tfmt.Println("hello")\n\tos.Exit(3)'));
      await run.done;
      expect(run.output).toBe('hello\n');
      expect(run.end).toMatchObject({ verdict: Verdict.FAILED, exitCode: 3 });
      expect(run.events.map(({ seq }) => seq)).toEqual(run.events.map((_, at) => BigInt(at + 1)));
      expect(run.events.at(-1)?.event.case).toBe('end');
    });

    it('gives a program what is typed while it runs', async () => {
      const run = begin(
        startOf('\tvar who string\n\tfmt.Println("who?")\n\tfmt.Scan(&who)\n\tfmt.Println("hi", who)'),
      );
      await run.says('who?');
      run.input.push({ request: { case: 'stdin', value: { data: encode('Ana\n'), close: true } } });
      await run.done;
      expect(run.output).toBe('who?\nhi Ana\n');
    });

    it('stops a run that a person stops', async () => {
      const run = begin(startOf('\tfmt.Println("on")\n\ttime.Sleep(time.Hour)'));
      await run.says('on');
      run.input.push({ request: { case: 'cancel', value: { reason: 'test' } } });
      await run.done;
      expect(run.end?.verdict).toBe(Verdict.CANCELLED);
    });

    it('gives a run up at once when it is aborted, and performs the next one of that group', async () => {
      const group = someGroup();
      const abort = new AbortController();
      const run = begin(startOf('\tfmt.Println("on")\n\ttime.Sleep(time.Hour)'), group, abort.signal);
      await run.says('on');
      abort.abort();
      await expect(run.done).rejects.toThrow();
      const next = begin(startOf('\tfmt.Println("next")'), group);
      await next.done;
      expect(next.output).toBe('next\n');
    });

    it('finds the program of a run that was built before', async () => {
      const group = someGroup();
      const start = startOf(`\tfmt.Println("${group}")`);
      const built = await ground.pool.build(group, start, false, never());
      expect(built.outcome).toBe(BuildOutcome.BUILT);
      const run = begin(start, group);
      await run.done;
      expect(run.output).toBe(`${group}\n`);
      expect(run.stages(StageName.LINK)).toContain('cached');
    });

    it('says what is wrong with files that do not compile', async () => {
      const built = await ground.pool.build(someGroup(), startOf('\tundefinedName()'), false, never());
      expect(built.outcome).toBe(BuildOutcome.REFUSED);
      expect(built.diagnostics[0]).toMatchObject({ path: 'main.go', line: 12 });
    });

    it('brings the profiles of a run', async () => {
      const busy = '\tfor end := time.Now().Add(1500 * time.Millisecond); time.Now().Before(end); {\n\t}';
      const run = begin(startOf(busy, { signals: [Signal.CPU, Signal.TRACE] }));
      await run.done;
      const ends = run.events.flatMap(({ event }) => (event.case === 'artifactEnd' ? [event.value] : []));
      expect(ends.map((artifact) => artifact.name).sort()).toEqual(['cpu.pb.gz', 'trace.out']);
      for (const artifact of ends) expect(artifact.sizeBytes).toBeGreaterThan(0n);
    });

    it('performs runs of several groups at once', async () => {
      const runs = ['a', 'b', 'c'].map((word) => begin(startOf(`\tfmt.Println("${word}")`)));
      await Promise.all(runs.map((run) => run.done));
      expect(runs.map((run) => run.output)).toEqual(['a\n', 'b\n', 'c\n']);
    });

    it('says that the runner is gone when it died, and has another one', async () => {
      const group = someGroup();
      const run = begin(startOf('\tfmt.Println("on")\n\ttime.Sleep(time.Hour)'), group);
      await run.says('on');
      await ground.killRunnerOf(group);
      await expect(run.done).rejects.toThrow(RunnerLost);
      await expect(run.done).rejects.toThrow(/\.$/);
      await expect.poll(() => ground.pool.state(), patience).toEqual({ ready: true });
      const next = begin(startOf('\tfmt.Println("again")'), group);
      await next.done;
      expect(next.output).toBe('again\n');
    });
  });
}
