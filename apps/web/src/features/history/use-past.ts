import { useEffect, useState } from 'react';
import { type Life, momentAt } from './life.ts';
import type { Moments, Past } from './moments.ts';

export type Shown = { readonly position: number; readonly past: Past };

/** The text at a position; what was shown before stays until it is there. */
export function usePast(
  life: Life,
  moments: Moments,
  position: number,
): { shown: Shown | null; error: unknown; retry: () => void } {
  const [shown, setShown] = useState<Shown | null>(null);
  const [failed, setFailed] = useState<{ error: unknown; position: number } | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let gone = false;
    moments.at(momentAt(life, position)).then(
      (past) => {
        if (gone) return;
        setShown({ position, past });
        setFailed(null);
      },
      (error: unknown) => {
        if (!gone) setFailed({ error, position });
      },
    );
    return () => {
      gone = true;
    };
  }, [life, moments, position, attempt]);
  const error = failed !== null && failed.position === position ? failed.error : null;
  return { shown, error, retry: () => setAttempt((times) => times + 1) };
}
