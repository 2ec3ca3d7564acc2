import type { RunnerPoolOverview } from '@lineage/contracts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Counts, Facts, Millis } from './facts.tsx';
import css from './operations.module.css';

type PoolProps = { pool: RunnerPoolOverview };

/** Runner pods: how many of what, where, how fast they are had, and why some were of no use. */
export function PoolOverview({ pool }: PoolProps) {
  const { t } = useTranslation('operations');
  const { number } = useFormat();
  const { claims, failures, machines } = pool;
  return (
    <section className={css.part}>
      <h2>{t('pods')}</h2>
      <Pools pool={pool} />
      <div className={css.columns}>
        <section>
          <h3>{t('nodes')}</h3>
          {machines.length === 0 && <p className={css.dim}>{t('noNodes')}</p>}
          <Facts facts={machines.map(({ name, runners }) => [name, t('podsOnIt', { count: runners })])} />
        </section>
        <section>
          <h3>{t('claims')}</h3>
          <Facts
            facts={[
              [t('median'), <Millis key="p50" ms={claims.p50Ms} />],
              [t('p99'), <Millis key="p99" ms={claims.p99Ms} />],
              [t('claimCount'), number(claims.count)],
            ]}
          />
        </section>
        <Counts title={t('failures')} counts={failures.counts} nameOf={(word) => t(`failure.${word}`)} />
      </div>
      {failures.newest.length > 0 && <Failures pool={pool} />}
    </section>
  );
}

function Pools({ pool: { pools } }: PoolProps) {
  const { t } = useTranslation('operations');
  const { number } = useFormat();
  const columns = ['warm', 'claimed', 'starting', 'ending', 'pending'] as const;
  return (
    <div className={css.wide} role="region" tabIndex={0} aria-label={t('pools')}>
      <table className={css.numbers}>
        <thead>
          <tr>
            <th scope="col">{t('poolName')}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`pool.${column}`)}
              </th>
            ))}
            <th scope="col">{t('pool.most')}</th>
          </tr>
        </thead>
        <tbody>
          {pools.map((one) => (
            <tr key={one.name}>
              <th scope="row">
                {one.name}
                {one.trouble !== null && <p className={css.bad}>{t(`failure.${one.trouble}`)}</p>}
              </th>
              {columns.map((column) => (
                <td key={column}>
                  {column === 'warm'
                    ? t('ofTarget', { there: number(one.warm), target: number(one.warmTarget) })
                    : number(one[column])}
                </td>
              ))}
              <td>{number(one.most)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Failures({ pool: { failures } }: PoolProps) {
  const { t } = useTranslation('operations');
  const { time } = useFormat();
  return (
    <section>
      <h3>{t('newestFailures')}</h3>
      <ol className={css.list}>
        {failures.newest.map(({ at, word, runner, machine }) => (
          <li key={`${at} ${runner}`} className={css.row}>
            <time className={css.name} dateTime={at}>
              {time(at)}
            </time>
            <span>{t(`failure.${word}`)}</span>
            <span className={css.time}>{machine === '' ? runner : `${runner} · ${machine}`}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
