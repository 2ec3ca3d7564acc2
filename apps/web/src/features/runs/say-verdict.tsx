import { useEffect, useRef } from 'react';
import { announce } from '../../shared/ui/index.ts';
import type { RunFold } from './fold-run.ts';
import { useVerdict } from './use-verdict.ts';

/** The verdict is spoken once, and only for a run whose end one was there to see. */
export function SayVerdict({ runId, fold }: { runId: string; fold: RunFold }) {
  const verdict = useVerdict(fold)?.sentence ?? null;
  const seenOpen = useRef<string | null>(null);
  useEffect(() => {
    if (verdict === null) seenOpen.current = runId;
    else if (seenOpen.current === runId) {
      seenOpen.current = null;
      announce(verdict);
    }
  }, [runId, verdict]);
  return null;
}
