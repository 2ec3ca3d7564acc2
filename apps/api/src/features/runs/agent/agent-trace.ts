import {
  TraceMark_Kind,
  TraceState,
  TraceTile_Lane,
  type Frame,
  type TraceBatch,
  type TraceSpan,
  type TraceTile,
} from '@lineage/runner-protocol';
import type { TraceBody, TraceState as StateView } from '@lineage/contracts';
import { storable } from '../output-text.ts';
import { Interned } from '../interned.ts';
import { AgentProtocolError, count, millis } from './agent-events.ts';

const NAME_CHARS = 512;
/** Spans, tiles, marks and goroutines of one event; the agent tells batches of some 4,000. */
const MOST_AN_EVENT = 60_000;
/** Of one run, of all kinds together: some 10 MiB as they are stored. The agent tells fewer of an ordinary program. */
const MOST_A_RUN = 250_000;

const states = new Map<TraceState, StateView>([
  [TraceState.RUNNING, 'running'],
  [TraceState.RUNNABLE, 'runnable'],
  [TraceState.WAITING, 'waiting'],
  [TraceState.SYSCALL, 'syscall'],
  [TraceState.IDLE, 'idle'],
]);
const lanes = new Map<TraceTile_Lane, TraceBody['tiles'][number][0]>([
  [TraceTile_Lane.PROC, 'proc'],
  [TraceTile_Lane.GOROUTINE, 'goroutine'],
  [TraceTile_Lane.ALL, 'all'],
]);
const marks = new Map<TraceMark_Kind, TraceBody['marks'][number]['kind']>([
  [TraceMark_Kind.RANGE, 'range'],
  [TraceMark_Kind.REGION, 'region'],
  [TraceMark_Kind.TASK, 'task'],
  [TraceMark_Kind.LOG, 'log'],
]);

/** Takes what traces of one run say until that is as much as a run may keep. */
export class TraceBudget {
  #left = MOST_A_RUN;

  /** Null when the run has told as much as it may. @throws AgentProtocolError for more than one event may hold */
  admit(batch: TraceBatch): TraceBody | null {
    const size = batch.spans.length + batch.tiles.length + batch.marks.length + batch.goroutines.length;
    if (size > MOST_AN_EVENT) throw new AgentProtocolError('too much of a trace in an event');
    if (size > this.#left) return null;
    this.#left -= size;
    return traceBody(batch);
  }
}

function traceBody(batch: TraceBatch): TraceBody {
  const reasons = new Interned<string>((reason) => reason);
  const calls = new Interned<TraceBody['calls'][number]>(({ function: name, path, line }) =>
    JSON.stringify([name, path, line]),
  );
  return {
    type: 'trace',
    fromMs: millis(batch.fromUs),
    toMs: millis(batch.toUs),
    goroutines: batch.goroutines.map((one) => ({
      id: count(one.id),
      function: storable(one.function, NAME_CHARS),
      createdBy: one.createdBy === undefined ? null : callView(one.createdBy),
      createdIn: count(one.createdIn),
    })),
    spans: batch.spans.flatMap((span) => spanView(span, reasons, calls)),
    reasons: reasons.rows,
    calls: calls.rows,
    tiles: batch.tiles.flatMap(tileView),
    marks: batch.marks.flatMap((mark) => {
      const kind = marks.get(mark.kind);
      if (kind === undefined) return [];
      const [name, text] = [storable(mark.name, NAME_CHARS), storable(mark.text, NAME_CHARS)];
      return [
        {
          kind,
          name,
          text,
          fromMs: millis(mark.fromUs),
          toMs: millis(mark.toUs),
          goroutine: count(mark.goroutine),
        },
      ];
    }),
    events: count(batch.events),
    spansLeftOut: count(batch.spansLeftOut),
  };
}

/** None for a state that is not known here: a newer agent may tell more. */
function spanView(
  span: TraceSpan,
  reasons: Interned<string>,
  calls: Interned<TraceBody['calls'][number]>,
): TraceBody['spans'] {
  const state = states.get(span.state);
  if (state === undefined) return [];
  const reason = span.reason === '' ? -1 : reasons.at(storable(span.reason, NAME_CHARS));
  const call = span.at === undefined ? -1 : calls.at(callView(span.at));
  return [[count(span.goroutine), state, millis(span.fromUs), millis(span.toUs), span.proc, reason, call]];
}

function tileView(tile: TraceTile): TraceBody['tiles'] {
  const lane = lanes.get(tile.lane);
  if (lane === undefined) return [];
  const { runningUs, runnableUs, waitingUs, syscallUs } = tile;
  const [running, runnable] = [millis(runningUs), millis(runnableUs)];
  const [waiting, syscall] = [millis(waitingUs), millis(syscallUs)];
  return [[lane, count(tile.id), tile.level, tile.index, running, runnable, waiting, syscall, tile.changes]];
}

function callView({ function: name, path, line, inWorkspace }: Frame): TraceBody['calls'][number] {
  return { function: storable(name, NAME_CHARS), path: storable(path, NAME_CHARS), line, inWorkspace };
}
