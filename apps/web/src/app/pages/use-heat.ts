import type { ArtifactId, RunEvent, RunId } from '@lineage/contracts';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { LineHeat, LiveHeat } from '../../features/profile/index.ts';

const none: readonly LineHeat[] = [];
/** Below this a line is noise. */
const LEAST_SHARE = 0.005;

const loadProfile = () => import('../../features/profile/index.ts');
const warm = (lines: readonly LineHeat[]): LineHeat[] => lines.filter(({ share }) => share >= LEAST_SHARE);

/**
 * What each line of the code cost in the CPU profile of a run: so far while it runs, and whole once it is kept. Empty for
 * a run without one.
 */
export function useHeat(runId: RunId | null, events: readonly RunEvent[]): readonly LineHeat[] {
  const id = useMemo(() => cpuProfileOf(events), [events]);
  const whole = useWholeHeat(id);
  const live = useLiveHeat(runId, events, whole === null);
  return whole ?? live ?? none;
}

function useWholeHeat(id: ArtifactId | null): readonly LineHeat[] | null {
  const [read, setRead] = useState<{ id: ArtifactId; lines: readonly LineHeat[] } | null>(null);
  useEffect(() => {
    if (id === null) return;
    const stop = new AbortController();
    loadProfile()
      .then(({ readHeat }) => readHeat({ id }, stop.signal))
      .then(
        (lines) => setRead({ id, lines: warm(lines) }),
        (error: unknown) => {
          // Without it the gutter stays as it is, and the flame graph says what is wrong with the file.
          if (!stop.signal.aborted) reportError(error);
        },
      );
    return () => stop.abort();
  }, [id]);
  return read !== null && read.id === id ? read.lines : null;
}

function useLiveHeat(
  runId: RunId | null,
  events: readonly RunEvent[],
  wanted: boolean,
): readonly LineHeat[] | null {
  const [read, setRead] = useState<{ runId: RunId | null; lines: readonly LineHeat[] } | null>(null);
  const windows = useMemo(
    () => events.flatMap(({ body }) => (body.type === 'window' ? [body] : [])),
    [events],
  );
  const reader = useRef<LiveHeat | null>(null);
  const take = useEffectEvent(() => reader.current?.take(windows));
  const watching = wanted && windows.length > 0;
  useEffect(() => {
    if (!watching) return;
    let isOver = false;
    loadProfile().then(({ LiveHeat: Reader }) => {
      if (isOver) return;
      reader.current = new Reader((lines) => setRead({ runId, lines: warm(lines) }));
      take();
    }, reportError);
    return () => {
      isOver = true;
      reader.current?.close();
      reader.current = null;
    };
  }, [runId, watching]);
  useEffect(() => take(), [windows]);
  return read !== null && read.runId === runId ? read.lines : null;
}

function cpuProfileOf(events: readonly RunEvent[]): ArtifactId | null {
  for (const { body } of events)
    if (body.type === 'artifact' && body.artifact.kind === 'profile' && body.artifact.name.startsWith('cpu'))
      return body.artifact.id;
  return null;
}
