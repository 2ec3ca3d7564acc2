import { useTranslation } from '../../shared/i18n/index.ts';
import type { RunFold } from './fold-run.ts';
import { useDuration } from './use-duration.ts';

/** How a run ended, in a sentence; null while it has not. */
export function useVerdict(end: RunFold['end']): string | null {
  const { t } = useTranslation('runs');
  const duration = useDuration();
  if (end === null) return null;
  return t(`end.${end.verdict}`, {
    wall: duration(end.wallMs),
    reason: end.reason,
    limit: end.limit === null ? '' : t(`limit.${end.limit}`),
  });
}
