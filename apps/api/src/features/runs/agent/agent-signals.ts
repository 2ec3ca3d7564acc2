import type { Metrics, MetricsSample, ProfileWindow, RuntimeRecords } from '@lineage/runner-protocol';
import type { MetricsSample as SampleView, RunEventBody } from '@lineage/contracts';
import { storable } from '../output-text.ts';
import { AgentProtocolError, count, millis } from './agent-events.ts';

type Body<T extends RunEventBody['type']> = Extract<RunEventBody, { type: T }>;

const NAME_CHARS = 512;
/** Of one event; the agent tells 4,000 in a whole run. */
const MOST_RECORDS = 4000;
/** Processors of one line of the scheduler. */
const MOST_PROCS = 1024;
/** Of one event; the agent tells eight. */
const MOST_SAMPLES = 16;
const WINDOW_BYTES = 64 * 1024;
/** Of all windows of one run that are kept: ten minutes of an ordinary program are some 2 MiB. */
const WINDOWS_BYTES = 4 * 1024 * 1024;

/** Lines of the Go runtime, taken apart by the agent. @throws AgentProtocolError for more than the agent may tell */
export function recordsBody({ gc, sched, inits, leftOut }: RuntimeRecords): Body<'records'> {
  if (gc.length + sched.length + inits.length > MOST_RECORDS)
    throw new AgentProtocolError('too many records in an event');
  return {
    type: 'records',
    gc: gc.map((one) => ({
      number: one.number,
      atS: figure(one.atS),
      cpuPercent: one.cpuPercent,
      clockMs: {
        sweep: figure(one.clockSweepMs),
        mark: figure(one.clockMarkMs),
        end: figure(one.clockEndMs),
      },
      cpuMs: {
        sweep: figure(one.cpuSweepMs),
        assist: figure(one.cpuAssistMs),
        background: figure(one.cpuBackgroundMs),
        idle: figure(one.cpuIdleMs),
        end: figure(one.cpuEndMs),
      },
      heapMib: {
        start: count(one.heapStartMib),
        end: count(one.heapEndMib),
        live: count(one.heapLiveMib),
        goal: count(one.heapGoalMib),
      },
      stacksMib: count(one.stacksMib),
      globalsMib: count(one.globalsMib),
      procs: one.procs,
      forced: one.forced,
    })),
    sched: sched.map((one) => ({
      atMs: count(one.atMs),
      gomaxprocs: one.gomaxprocs,
      idleProcs: one.idleProcs,
      threads: one.threads,
      spinningThreads: one.spinningThreads,
      idleThreads: one.idleThreads,
      globalQueue: one.globalQueue,
      localQueues: one.localQueues.slice(0, MOST_PROCS),
      ticks: one.ticks.slice(0, MOST_PROCS).map(count),
    })),
    inits: inits.map((one) => ({
      package: storable(one.package, NAME_CHARS),
      atMs: figure(one.atMs),
      clockMs: figure(one.clockMs),
      bytes: count(one.bytes),
      allocs: count(one.allocs),
    })),
    leftOut: count(leftOut),
  };
}

/** @throws AgentProtocolError for more than the agent may tell at once */
export function metricsBody({ samples }: Metrics): Body<'metrics'> {
  if (samples.length > MOST_SAMPLES) throw new AgentProtocolError('too many samples in an event');
  return { type: 'metrics', samples: samples.map(sampleView) };
}

function sampleView(one: MetricsSample): SampleView {
  return {
    atMs: millis(one.atUs),
    goroutines: count(one.goroutines),
    running: count(one.running),
    runnable: count(one.runnable),
    waiting: count(one.waiting),
    inSyscall: count(one.inSyscall),
    created: count(one.created),
    threads: count(one.threads),
    gomaxprocs: count(one.gomaxprocs),
    heapObjectsBytes: count(one.heapObjectsBytes),
    heapLiveBytes: count(one.heapLiveBytes),
    heapGoalBytes: count(one.heapGoalBytes),
    stackBytes: count(one.stackBytes),
    totalBytes: count(one.totalBytes),
    allocatedBytes: count(one.allocatedBytes),
    allocatedObjects: count(one.allocatedObjects),
    gcCycles: count(one.gcCycles),
    gcCpuS: figure(one.gcCpuS),
    userCpuS: figure(one.userCpuS),
    mutexWaitS: figure(one.mutexWaitS),
    schedLatencyP50S: figure(one.schedLatencyP50S),
    schedLatencyP99S: figure(one.schedLatencyP99S),
    gcPauseMaxS: figure(one.gcPauseMaxS),
  };
}

/** Keeps the windows of one run until they have as many bytes as a run may keep, and counts the others. */
export class WindowBudget {
  #bytes = 0;
  #leftOut = 0;

  /** Null for a window that is not kept. @throws AgentProtocolError for one that the agent may not tell */
  admit({ signal, number, fromUs, toUs, profile, leftOut }: ProfileWindow): Body<'window'> | null {
    if (signal !== 'cpu' || profile.length > WINDOW_BYTES || profile.length === 0)
      throw new AgentProtocolError('a window of a profile that it may not be');
    this.#leftOut += leftOut;
    if (this.#bytes + profile.length > WINDOWS_BYTES) {
      this.#leftOut += 1;
      return null;
    }
    this.#bytes += profile.length;
    const before = this.#leftOut;
    this.#leftOut = 0;
    return {
      type: 'window',
      signal,
      number,
      fromMs: millis(fromUs),
      toMs: millis(toUs),
      profile: Buffer.from(profile).toString('base64'),
      leftOut: before,
    };
  }
}

/** JSON has no NaN and no infinity: such a figure is 0, as is one below it. */
function figure(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}
