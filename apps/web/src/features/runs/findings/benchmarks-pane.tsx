import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { cx } from '../../../shared/ui/index.ts';
import type { RunFold } from '../fold-run.ts';
import { benchmarkAmount, isBetter } from './benchmark-amount.ts';
import { QuietLine, QuietNote } from './quiet-note.tsx';
import css from './runtime-pane.module.css';

type Props = { fold: Pick<RunFold, 'benchmarks' | 'given' | 'end'> };

/** What each benchmark measured: the median, the interval it lies in, and how it compares with earlier values. */
export function BenchmarksPane({ fold: { benchmarks, given, end } }: Props) {
  const { t } = useTranslation('findings');
  const { number, share, dateTime } = useFormat();
  const earlier = given?.comparedWith ?? null;
  const compares = benchmarks.some(({ comparison }) => comparison !== null);
  return (
    <div className={css.pane} role="region" tabIndex={0} aria-label={t('benchmarks')}>
      {earlier !== null && (
        <p className={css.dim}>
          {t(earlier.isOwn ? 'bench.againstOwn' : 'bench.againstOther', {
            group: earlier.groupName,
            name: earlier.startedBy.name,
            time: dateTime(earlier.createdAt),
          })}
        </p>
      )}
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('bench.name')}</th>
            <th scope="col">{t('bench.unit')}</th>
            <th scope="col">{t('bench.median')}</th>
            <th scope="col">{t('bench.interval')}</th>
            <th scope="col">{t('bench.values')}</th>
            {compares && (
              <>
                <th scope="col">{t('bench.before')}</th>
                <th scope="col">{t('bench.change')}</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {benchmarks.map(({ name, unit, center, low, high, confidence, values, warnings, comparison }) => (
            <tr key={`${name} ${unit}`}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{unit}</td>
              <td>{benchmarkAmount(center, unit, number)}</td>
              <td title={warnings.join('\n')}>
                {confidence > 0
                  ? t('bench.between', {
                      low: benchmarkAmount(low, unit, number),
                      high: benchmarkAmount(high, unit, number),
                      confidence: share(confidence),
                    })
                  : t('bench.tooFew')}
              </td>
              <td>{number(values.length)}</td>
              {compares && (
                <td>
                  {comparison === null ? '' : benchmarkAmount(comparison.previous.center, unit, number)}
                </td>
              )}
              {compares && (
                <td
                  className={cx(
                    comparison?.differs === true &&
                      (isBetter(comparison.change, unit) ? css.better : css.worse),
                  )}
                >
                  {comparison === null
                    ? ''
                    : comparison.differs
                      ? t('bench.changed', {
                          change: `${comparison.change > 0 ? '+' : ''}${share(comparison.change)}`,
                          p: number(Math.round(comparison.p * 1000) / 1000),
                        })
                      : t('bench.same', { p: number(Math.round(comparison.p * 1000) / 1000) })}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <QuietNote quiet={end?.quiet} />
      {earlier?.noisy === true && (
        <QuietLine of="before" isQuiet={false}>
          {t('bench.noisyBefore')}
        </QuietLine>
      )}
      <p className={css.dim}>{t('bench.selfReported')}</p>
    </div>
  );
}
