import { runIdSchema, type RunEvent } from '@lineage/contracts';
import { useCallback, useSyncExternalStore } from 'react';
import { BegunRuns } from './begun-runs.ts';
import { liveSocket, type LiveSocket } from './connection.ts';
import { readRunEvents, type HeardEvent } from './run-events.ts';
import { append, emptySequence, type Sequence } from './sequence.ts';
import { watchStream, type WatchRefusal } from './watch.ts';

export type WatchedRun = {
  /** Every event so far, in order and each once. */
  readonly events: readonly RunEvent[];
  /** `loading` until the server has accepted the watch. */
  readonly status: 'loading' | 'watching' | 'refused';
  readonly refusal: WatchRefusal | null;
};

/** One follower a run, however many components look at it. */
type Follower = { shown: WatchedRun; readonly listeners: Set<() => void>; readonly stop: () => void };

/** Between two pages that show the same run nothing is asked for again. */
const KEEP_MS = 5_000;
const nothing: WatchedRun = { events: [], status: 'loading', refusal: null };
const followers = new Map<string, Follower>();
const begunRuns = new BegunRuns();
let heardOn: LiveSocket | null = null;

/** From here on, what the server tells of runs that no page shows yet is kept for the page that will. */
export function keepBegunRuns(): void {
  const socket = liveSocket();
  if (heardOn === socket) return;
  heardOn = socket;
  begunRuns.forget();
  socket.on('disconnect', () => begunRuns.forget());
  socket.on('run.events', (message: unknown) => {
    const heard = readRunEvents(message);
    if (heard !== null && !followers.has(heard.runId)) begunRuns.hear(heard.runId, heard.events);
  });
}

/** Follows a run: what happened is replayed, what happens arrives, and a lost connection leaves no hole. */
export function useWatchRun(runId: string | null): WatchedRun {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (runId === null) return () => undefined;
      const follower = followers.get(runId) ?? follow(runId);
      follower.listeners.add(listener);
      return () => {
        follower.listeners.delete(listener);
        setTimeout(() => dropIfIdle(runId, follower), KEEP_MS);
      };
    },
    [runId],
  );
  return useSyncExternalStore(subscribe, () =>
    runId === null ? nothing : (followers.get(runId)?.shown ?? nothing),
  );
}

function dropIfIdle(runId: string, follower: Follower): void {
  if (follower.listeners.size > 0 || followers.get(runId) !== follower) return;
  followers.delete(runId);
  follower.stop();
}

function follow(runId: string): Follower {
  const socket = liveSocket();
  const id = runIdSchema.parse(runId);
  const begun = begunRuns.take(id);
  let sequence: Sequence<HeardEvent> = begun ?? emptySequence;
  let frame: number | null = null;
  const show = (change: Partial<WatchedRun>): void => {
    follower.shown = { ...follower.shown, ...change };
    for (const listener of follower.listeners) listener();
  };
  const watch = watchStream({
    request: () => ({ stream: 'run', id, after: sequence.last }),
    isWatched: begun !== null,
    onWatching: () => show({ status: 'watching', refusal: null }),
    onRefused: (refusal) => show({ status: 'refused', refusal }),
  });
  const onEvents = (message: unknown): void => {
    const heard = readRunEvents(message);
    if (heard === null || heard.runId !== id) return;
    const next = append(sequence, heard.events);
    sequence = { ...next, gap: false };
    if (next.gap) watch.again();
    // A program that writes much sends many messages: at most one rendering a frame.
    frame ??= requestAnimationFrame(() => {
      frame = null;
      show({ events: known(sequence) });
    });
  };
  socket.on('run.events', onEvents);
  const follower: Follower = {
    shown: begun === null ? nothing : { events: known(begun), status: 'watching', refusal: null },
    listeners: new Set(),
    stop: () => {
      if (frame !== null) cancelAnimationFrame(frame);
      socket.off('run.events', onEvents);
      watch.stop();
    },
  };
  followers.set(runId, follower);
  return follower;
}

const known = ({ events }: Sequence<HeardEvent>): RunEvent[] =>
  events.flatMap(({ event }) => (event === null ? [] : [event]));
