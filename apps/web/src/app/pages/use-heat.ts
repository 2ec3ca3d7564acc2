import type { RunEvent } from '@lineage/contracts';
import { useEffect, useMemo, useState } from 'react';
import type { LineHeat } from '../../features/profile/index.ts';

const none: readonly LineHeat[] = [];
/** Below this a line is noise. */
const LEAST_SHARE = 0.005;

/** What each line of the code cost in the CPU profile of a run; empty for a run without one. */
export function useHeat(events: readonly RunEvent[]): readonly LineHeat[] {
  const id = useMemo(() => cpuProfileOf(events), [events]);
  const [read, setRead] = useState<{ id: string; lines: readonly LineHeat[] } | null>(null);
  useEffect(() => {
    if (id === null) return;
    const stop = new AbortController();
    import('../../features/profile/index.ts')
      .then(({ readHeat }) => readHeat({ id }, stop.signal))
      .then(
        (lines) => setRead({ id, lines: lines.filter(({ share }) => share >= LEAST_SHARE) }),
        (error: unknown) => {
          // Without it the gutter stays empty, and the flame graph says what is wrong with the file.
          if (!stop.signal.aborted) reportError(error);
        },
      );
    return () => stop.abort();
  }, [id]);
  return read !== null && read.id === id ? read.lines : none;
}

function cpuProfileOf(events: readonly RunEvent[]) {
  for (const { body } of events)
    if (body.type === 'artifact' && body.artifact.kind === 'profile' && body.artifact.name.startsWith('cpu'))
      return body.artifact.id;
  return null;
}
