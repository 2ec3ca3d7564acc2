import { runEventsSchema, runIdSchema, type RunEvent } from '@lineage/contracts';
import { useEffect, useState } from 'react';
import { liveSocket } from './connection.ts';
import { append, emptySequence, type Sequence } from './sequence.ts';
import { watchStream, type WatchRefusal } from './watch.ts';

export type WatchedRun = {
  /** Every event so far, in order and each once. */
  readonly events: readonly RunEvent[];
  /** `loading` until the server has accepted the watch. */
  readonly status: 'loading' | 'watching' | 'refused';
  readonly refusal: WatchRefusal | null;
};

type Kept = { runId: string | null; sequence: Sequence<RunEvent>; status: WatchedRun['status']; refusal: WatchRefusal | null };
const nothing = (runId: string | null): Kept => ({ runId, sequence: emptySequence, status: 'loading', refusal: null });

/** Follows a run: what happened is replayed, what happens arrives, and a lost connection leaves no hole. */
export function useWatchRun(runId: string | null): WatchedRun {
  const [kept, setKept] = useState<Kept>(() => nothing(runId));
  useEffect(() => {
    setKept(nothing(runId));
    if (runId === null) return undefined;
    return followRun(runId, (change) => setKept((now) => (now.runId === runId ? { ...now, ...change } : now)));
  }, [runId]);
  const current = kept.runId === runId ? kept : nothing(runId);
  return { events: current.sequence.events, status: current.status, refusal: current.refusal };
}

/** Follows a run outside of React; at most one report a frame. Returns the way to stop. */
function followRun(runId: string, report: (change: Partial<Omit<Kept, 'runId'>>) => void): () => void {
  const socket = liveSocket();
  const id = runIdSchema.parse(runId);
  let sequence: Sequence<RunEvent> = emptySequence;
  let frame: number | null = null;
  const watch = watchStream({
    request: () => ({ stream: 'run', id, after: sequence.last }),
    onWatching: () => report({ status: 'watching', refusal: null }),
    onRefused: (refusal) => report({ status: 'refused', refusal }),
  });
  const onEvents = (message: unknown): void => {
    const parsed = runEventsSchema.safeParse(message);
    if (!parsed.success || parsed.data.runId !== id) return;
    const next = append(sequence, parsed.data.events);
    const askAgain = next.gap && !sequence.gap;
    sequence = next.gap ? { ...next, gap: false } : next;
    frame ??= requestAnimationFrame(() => {
      frame = null;
      report({ sequence });
    });
    if (askAgain) watch.again();
  };
  socket.on('run.events', onEvents);
  return () => {
    if (frame !== null) cancelAnimationFrame(frame);
    socket.off('run.events', onEvents);
    watch.stop();
  };
}
