import { useTranslation } from '../../shared/i18n/index.ts';
import { cx } from '../../shared/ui/index.ts';
import { buildWayOf } from './build-way.ts';
import type { Stage } from './fold-run.ts';
import css from './run-controls.module.css';
import { useDuration } from './use-duration.ts';

/** Where a run is and where its time went, stage by stage, and how its program was built. */
export function StageStrip({ stages, ended }: { stages: readonly Stage[]; ended: boolean }) {
  const { t } = useTranslation('runs');
  const duration = useDuration();
  const placeWords = (place: number, waitMs: number | null): string =>
    waitMs === null ? t('place', { place }) : t('placeAndWait', { place, wait: duration(waitMs) });
  if (stages.length === 0) return null;
  return (
    <ol className={cx(css.strip, ended && css.ended)} aria-label={t('stages')}>
      {stages.map(({ name, ms, detail, place, waitMs }) => (
        <li key={name} className={cx(ms === null && !ended && css.now)}>
          {t(`stage.${name}`)}{' '}
          <span className={css.time}>
            {ms !== null
              ? duration(ms)
              : place !== null
                ? placeWords(place, waitMs)
                : ended
                  ? ''
                  : detailOf(name, detail)}
          </span>
        </li>
      ))}
      <Way stages={stages} />
    </ol>
  );
}

/** Which way the build took, and in the runner's own words what the faster one could not take. */
function Way({ stages }: { stages: readonly Stage[] }) {
  const { t } = useTranslation('runs');
  const built = buildWayOf(stages);
  if (built === null) return null;
  return (
    <li className={css.way}>
      {t(`way.${built.way}`)}
      {built.why !== null && (
        <>
          {t('wayFor')}
          <span lang="en">{built.why}</span>
        </>
      )}
    </li>
  );
}

/** How far preparing is, where that is known: it may take a minute, once. */
const detailOf = (name: Stage['name'], detail: string): string =>
  name === 'prepare' && / \d+\/\d+$/.test(detail) ? detail : '…';
