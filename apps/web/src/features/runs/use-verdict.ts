import { useTranslation } from '../../shared/i18n/index.ts';
import type { RunFold } from './fold-run.ts';
import { useDuration } from './use-duration.ts';
import { endingOf } from './verdict.ts';

/** How a run ended, in a sentence, and the runner's own words beside it; null while it has not. */
export function useVerdict(fold: RunFold): { sentence: string; detail: string | null } | null {
  const { t } = useTranslation('runs');
  const duration = useDuration();
  const ending = endingOf(fold);
  if (ending === null) return null;
  const wall = duration(fold.end?.wallMs ?? 0);
  return { sentence: t(`end.${ending.key}`, { ...ending.values, wall }), detail: ending.detail };
}
