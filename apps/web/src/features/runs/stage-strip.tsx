import { useTranslation } from '../../shared/i18n/index.ts';
import { cx } from '../../shared/ui/index.ts';
import type { Stage } from './fold-run.ts';
import css from './run-controls.module.css';
import { useDuration } from './use-duration.ts';

/** Where a run is and where its time went, stage by stage. */
export function StageStrip({ stages, ended }: { stages: readonly Stage[]; ended: boolean }) {
  const { t } = useTranslation('runs');
  const duration = useDuration();
  const placeWords = (place: number, waitMs: number | null): string =>
    waitMs === null ? t('place', { place }) : t('placeAndWait', { place, wait: duration(waitMs) });
  if (stages.length === 0) return null;
  return (
    <ol className={css.strip} aria-label={t('stages')}>
      {stages.map(({ name, ms, detail, place, waitMs, why }) => (
        <li key={name} className={cx(ms === null && !ended && css.now)} title={why ?? undefined}>
          {t(`stage.${name}`)}{' '}
          <span className={css.time}>
            {ms !== null
              ? duration(ms)
              : place !== null
                ? placeWords(place, waitMs)
                : ended
                  ? ''
                  : detailOf(name, detail)}
            {detail === 'cached' && ` (${t('cached')})`}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** How far preparing is, where that is known: it may take a minute, once. */
const detailOf = (name: Stage['name'], detail: string): string =>
  name === 'prepare' && / \d+\/\d+$/.test(detail) ? detail : '…';
