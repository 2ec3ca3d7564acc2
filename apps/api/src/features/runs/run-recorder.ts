import type { Remark, RunId } from '@lineage/contracts';
import type { ExecuteResponse, Glimpse } from '@lineage/runner-protocol';
import {
  AgentProtocolError,
  count,
  diagnosticBody,
  endBody,
  stageBody,
  streamOf,
  testBody,
} from './agent/agent-events.ts';
import { crashBody, formattedBody, raceBody, remarkView } from './agent/agent-findings.ts';
import { metricsBody, recordsBody, WindowBudget } from './agent/agent-signals.ts';
import { AssemblyBudget } from './agent/agent-assembly.ts';
import { benchmarkBody } from './agent/agent-benchmarks.ts';
import { crossBody } from './agent/agent-cross.ts';
import { failureBody, progressBody } from './agent/agent-fuzz.ts';
import { CoverageBudget } from './agent/agent-coverage.ts';
import { sweepPointBody } from './agent/agent-sweep.ts';
import { TraceBudget } from './agent/agent-trace.ts';
import { OutputBudget, type OutputPiece } from './output-budget.ts';
import { OutputText } from './output-text.ts';
import type { ArtifactReceiver } from './artifact-receiver.ts';
import { buildsByPath, stageSeconds } from './run-metrics.ts';
import type { NewEvent, RunChange } from './run-store.ts';

/** Where a recorder commits; resolves when it is durable. */
export type RunLog = {
  append(id: RunId, happened: readonly NewEvent[], change?: RunChange): Promise<unknown>;
  /** Told to those who look on and kept nowhere. */
  glimpse(id: RunId, stream: 'stdout' | 'stderr', text: string): void;
};

/**
 * Output waits for company this long, so that nobody sees it arrive in jerks, or this much. Where commits are slow it
 * waits longer, that the database is at work for one run no more than half of the time.
 */
const BATCH_MS = { least: 40, most: 250, perCommitMs: 2 };
const BATCH_CHARS = 64 * 1024;
/**
 * A stage waits at most this long, less than anybody sees: what a kept program goes through before its first line is
 * committed with that line, which else would have to wait for a commit of its own.
 */
const STAGE_MS = 15;
const MOST_EVENTS = 20_000;
/** Of what is printed beyond what is kept: more often nobody can look, and more at once fits on no screen. */
const GLIMPSE_EVERY_MS = 50;
const GLIMPSE_BYTES = 8 * 1024;
/** What all tests of a run wrote together; each has a bound of its own, and there may be thousands. */
const MOST_TEST_CHARS = 4 * 1024 * 1024;
/** Of everything but output, which has its own budget; no honest run comes near. */
const MOST_CHARS = 256 * 1024 * 1024;
/** As many as the agent tells of one build; stored by the hundred, because each is a line or two. */
const MOST_REMARKS = 20_000;
const REMARKS_AN_EVENT = 200;
/** Ways of a build that are counted; a label of any other name would be the agent's to invent. */
const buildPaths: ReadonlySet<string> = new Set(['ahead', 'fast', 'go build', 'cached']);

/**
 * Reads one run's stream from the agent and commits it. What comes while a commit is under way goes into the next one;
 * a full batch waits for it, so a slow disk slows the agent.
 */
export class RunRecorder {
  readonly #texts = { stdout: new OutputText(), stderr: new OutputText() };
  readonly #budget = new OutputBudget();
  #pending: NewEvent[] = [];
  #chars = 0;
  #change: RunChange = {};
  #flushedAt = 0;
  #batchMs = BATCH_MS.least;
  #timer: NodeJS.Timeout | null = null;
  /** When the timer strikes. */
  #dueAt = 0;
  /** What is pending is to be committed as soon as the commit under way is done. */
  #urgent = false;
  #committing: Promise<void> | null = null;
  #hasShownOutput = false;
  #glimpsedAt = 0;
  #failure: { readonly cause: unknown } | null = null;
  #seq = 0n;
  #events = 0;
  readonly #windows = new WindowBudget();
  readonly #trace = new TraceBudget();
  readonly #assembly = new AssemblyBudget();
  readonly #coverage = new CoverageBudget();
  #remarks: Remark[] = [];
  #remarksSeen = 0;
  #testCharsLeft = MOST_TEST_CHARS;
  #charsLeft = MOST_CHARS;

  constructor(
    private readonly id: RunId,
    private readonly log: RunLog,
    private readonly startedAt: number,
    private readonly artifacts: Pick<ArtifactReceiver, 'begin' | 'chunk' | 'end'> | null = null,
  ) {}

  /** Commits until the one `end`. @throws AgentProtocolError when the agent breaks the contract */
  async record(stream: AsyncIterable<ExecuteResponse>): Promise<void> {
    try {
      for await (const message of stream) {
        this.#check(message);
        if (await this.#take(message.event)) return;
      }
      throw new AgentProtocolError('the stream ended without an end');
    } finally {
      if (this.#timer !== null) clearTimeout(this.#timer);
      await this.#committing;
    }
  }

  #check({ seq, event }: ExecuteResponse): void {
    if (this.#failure !== null) throw this.#failure.cause;
    this.#seq += 1n;
    if (seq !== this.#seq) throw new AgentProtocolError('an event is missing');
    if (event.case === 'remark' || event.case === 'glimpse') return;
    this.#events += 1;
    if (this.#events > MOST_EVENTS && event.case !== 'output' && event.case !== 'end') {
      throw new AgentProtocolError('too many events');
    }
  }

  async #take(event: ExecuteResponse['event']): Promise<boolean> {
    if (event.case !== 'remark') this.#addRemarks();
    switch (event.case) {
      case 'stage': {
        const body = stageBody(event.value);
        this.#add(body);
        if (body.durationMs !== null) stageSeconds.observe({ stage: body.stage }, body.durationMs / 1000);
        if (body.stage === 'link' && body.finished && buildPaths.has(body.detail))
          buildsByPath.inc({ path: body.detail });
        const state =
          body.stage === 'run'
            ? 'running'
            : body.stage === 'queue' || body.stage === 'collect'
              ? null
              : 'building';
        this.#commitSoon(STAGE_MS, state === null ? {} : { state });
        return false;
      }
      case 'diagnostic':
        this.#add(diagnosticBody(event.value));
        break;
      case 'test': {
        const body = testBody(event.value);
        const output = body.output.slice(0, this.#testCharsLeft);
        this.#testCharsLeft -= output.length;
        this.#add({ ...body, output });
        break;
      }
      case 'output': {
        const { stream, data, droppedBefore } = event.value;
        const kept = this.#budget.admit({
          stream: streamOf(stream),
          data,
          droppedBefore: count(droppedBefore),
        });
        if (kept !== null) this.#output(kept);
        break;
      }
      case 'glimpse':
        this.#glimpse(event.value);
        return false;
      case 'race':
        this.#add(raceBody(event.value));
        break;
      case 'crash':
        this.#add(crashBody(event.value));
        break;
      case 'formatted':
        this.#add(formattedBody(event.value));
        break;
      case 'remark':
        this.#remarksSeen += 1;
        if (this.#remarksSeen > MOST_REMARKS) throw new AgentProtocolError('too many remarks');
        this.#remarks.push(remarkView(event.value));
        if (this.#remarks.length >= REMARKS_AN_EVENT) this.#addRemarks();
        break;
      case 'records':
        this.#add(recordsBody(event.value));
        break;
      case 'metrics':
        this.#add(metricsBody(event.value));
        break;
      case 'window': {
        const body = this.#windows.admit(event.value);
        if (body !== null) this.#add(body);
        break;
      }
      case 'trace': {
        const body = this.#trace.admit(event.value);
        if (body !== null) this.#add(body);
        break;
      }
      case 'assembly': {
        const body = this.#assembly.admit(event.value);
        if (body !== null) this.#add(body);
        break;
      }
      case 'coverage': {
        const body = this.#coverage.admit(event.value);
        if (body !== null) this.#add(body);
        break;
      }
      case 'fuzzing':
        this.#add(progressBody(event.value));
        break;
      case 'fuzzFailure':
        this.#add(failureBody(event.value));
        break;
      case 'crossBuilt':
        this.#add(crossBody(event.value));
        break;
      case 'sweepPoint':
        this.#add(sweepPointBody(event.value));
        break;
      case 'shuffled':
        this.#add({ type: 'shuffled', seed: event.value.seed.toString() });
        break;
      case 'benchmark':
        this.#add(benchmarkBody(event.value));
        break;
      case 'artifactBegin':
        this.artifacts?.begin(event.value);
        break;
      case 'artifactChunk':
        this.artifacts?.chunk(event.value);
        break;
      case 'artifactEnd': {
        const stored = (await this.artifacts?.end(event.value)) ?? null;
        if (stored !== null) this.#add({ type: 'artifact', ...stored });
        break;
      }
      case 'end': {
        for (const piece of this.#budget.finish()) this.#output(piece);
        for (const stream of ['stdout', 'stderr'] as const)
          this.#text(stream, this.#texts[stream].flush(), 0);
        const body = endBody(event.value);
        this.#add(body);
        const { verdict: state, limit, exitCode, reason, selfReported, noisy } = body;
        this.#commitNow({ state, limit, exitCode, reason, selfReported, noisy, finishedAt: new Date() });
        await this.#committing;
        if (this.#failure !== null) throw this.#failure.cause;
        return true;
      }
      default:
        // An agent that is newer than this server may tell what nobody here shows.
        break;
    }
    if (this.#chars >= BATCH_CHARS) {
      this.#commitNow({});
      await this.#committing;
    } else if (Date.now() - this.#flushedAt >= this.#batchMs || this.#isFirstOutput(event.case))
      this.#commitNow({});
    else this.#commitSoon();
    return false;
  }

  #output({ stream, data, droppedBefore }: OutputPiece): void {
    if (droppedBefore > 0) this.#text(stream, this.#texts[stream].flush(), 0);
    this.#text(stream, this.#texts[stream].write(data), droppedBefore);
  }

  #text(stream: 'stdout' | 'stderr', text: string, droppedBefore: number): void {
    if (text === '' && droppedBefore === 0) return;
    this.#add({ type: 'output', stream, text, droppedBefore });
  }

  #glimpse({ stream, data }: Glimpse): void {
    const now = Date.now();
    if (now - this.#glimpsedAt < GLIMPSE_EVERY_MS) return;
    this.#glimpsedAt = now;
    const text = new OutputText();
    this.log.glimpse(this.id, streamOf(stream), text.write(data.subarray(0, GLIMPSE_BYTES)) + text.flush());
  }

  #addRemarks(): void {
    if (this.#remarks.length === 0) return;
    this.#add({ type: 'remarks', remarks: this.#remarks });
    this.#remarks = [];
  }

  #add(body: NewEvent['body']): void {
    if (body.type === 'output') this.#chars += body.text.length;
    else {
      const size = JSON.stringify(body).length;
      this.#chars += size;
      this.#charsLeft -= size;
      if (this.#charsLeft < 0) throw new AgentProtocolError('too much to tell');
    }
    this.#pending.push({ atMs: Date.now() - this.startedAt, body });
  }

  /** Whoever pressed Run waits for the first line; the others can be shown a few at a time. */
  #isFirstOutput(kind: ExecuteResponse['event']['case']): boolean {
    if (kind !== 'output' || this.#hasShownOutput) return false;
    this.#hasShownOutput = true;
    return true;
  }

  /** A program that falls silent must not keep its last words from the viewers. */
  #commitSoon(withinMs = this.#batchMs, change: RunChange = {}): void {
    if (this.#pending.length === 0) return;
    this.#change = { ...this.#change, ...change };
    const dueAt = Date.now() + withinMs;
    if (this.#timer !== null && this.#dueAt <= dueAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#commitNow({}), withinMs);
  }

  /** Begins a commit, or has the one under way followed by another at once. */
  #commitNow(change: RunChange): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#change = { ...this.#change, ...change };
    this.#urgent = true;
    this.#committing ??= this.#commit();
  }

  /** Runs until nothing is urgent; that and `#committing` change together, so that no wish to commit falls between. */
  async #commit(): Promise<void> {
    await Promise.resolve();
    try {
      while (this.#urgent) {
        const [events, change] = [this.#pending, this.#change];
        this.#pending = [];
        this.#change = {};
        this.#urgent = false;
        this.#chars = 0;
        this.#flushedAt = Date.now();
        if (events.length > 0 || Object.keys(change).length > 0)
          await this.log.append(this.id, events, change);
        const tookMs = Date.now() - this.#flushedAt;
        this.#batchMs = Math.min(BATCH_MS.most, Math.max(BATCH_MS.least, BATCH_MS.perCommitMs * tookMs));
      }
    } catch (cause) {
      this.#failure = { cause };
    } finally {
      this.#committing = null;
    }
  }
}
