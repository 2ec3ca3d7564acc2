import type { OpenRun, RunnerOverview } from '@lineage/contracts';
import { useQuery } from '@tanstack/react-query';
import { routeQuery } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Badge, ErrorNotice, Skeleton, useNow } from '../../shared/ui/index.ts';
import { AgentTable } from './agent-table.tsx';
import { Counts, Facts } from './facts.tsx';
import css from './operations.module.css';
import { PoolOverview } from './pool-overview.tsx';

const EVERY_MS = 2_000;

/** Slots, queue, limits, agents and counts, as they are now. */
export function RunnerOverviewView() {
  const { t } = useTranslation('operations');
  const { data, error, refetch } = useQuery({
    ...routeQuery('getRunnerOverview'),
    refetchInterval: EVERY_MS,
    staleTime: 0,
  });
  const nameOf = (word: string) => t(`name.${word}`);
  if (data === undefined)
    return error === null ? (
      <Skeleton rows={[30, 80, 80, 60]} />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  return (
    <>
      {data.trouble !== null && (
        <p className={css.trouble} role="alert" lang="en">
          {data.trouble}
        </p>
      )}
      <div className={css.columns}>
        <Slots overview={data} />
        <Queue overview={data} />
        <Limits overview={data} />
      </div>
      {data.pool !== null && <PoolOverview pool={data.pool} />}
      <section>
        <h2>{t('agents')}</h2>
        {data.agents.length === 0 && <p className={css.dim}>{t('noAgents')}</p>}
        {data.agents.map((agent, at) => (
          <AgentTable key={at} agent={agent} />
        ))}
      </section>
      <section>
        <h2>{t('counts')}</h2>
        <div className={css.columns}>
          <Counts title={t('verdicts')} nameOf={nameOf} counts={data.counts.verdicts} />
          <Counts title={t('builds')} nameOf={nameOf} counts={data.counts.builds} />
          <Counts title={t('kills')} nameOf={nameOf} counts={data.counts.limits} />
          <Counts title={t('early')} nameOf={nameOf} counts={data.counts.early} />
        </div>
      </section>
    </>
  );
}

type PartProps = { overview: RunnerOverview };

function Slots({ overview: { runs, slots } }: PartProps) {
  const { t } = useTranslation('operations');
  const used = runs.filter(({ place }) => place === null);
  return (
    <section>
      <h2>
        {t('slots')} <span className={css.dim}>{t('slotsUsed', { used: used.length, all: slots })}</span>
      </h2>
      <ol className={css.list}>
        {used.map((run, at) => (
          <li key={at} className={css.row}>
            <span className={css.name}>{t('slot', { number: at + 1 })}</span>
            <RunWords run={run} />
          </li>
        ))}
        {slots > used.length && (
          <li className={css.row}>
            <span className={css.dim}>{t('free', { count: slots - used.length })}</span>
          </li>
        )}
      </ol>
    </section>
  );
}

function Queue({ overview: { runs } }: PartProps) {
  const { t } = useTranslation('operations');
  const waiting = runs.filter(({ place }) => place !== null);
  return (
    <section>
      <h2>{t('queue')}</h2>
      {waiting.length === 0 && <p className={css.dim}>{t('nobodyWaits')}</p>}
      <ol className={css.list}>
        {waiting.map((run) => (
          <li key={run.place} className={css.row}>
            <span className={css.name}>{t('place', { place: run.place ?? 0 })}</span>
            <RunWords run={run} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function RunWords({ run: { kind, since, isBatch } }: { run: OpenRun }) {
  const { t } = useTranslation('operations');
  const { number } = useFormat();
  const now = useNow(1_000);
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000));
  return (
    <>
      <span>{t(`kind.${kind}`)}</span>
      {isBatch && <Badge>{t('batch')}</Badge>}
      <span className={css.time}>{t('since', { time: t('seconds', { s: number(seconds) }) })}</span>
    </>
  );
}

function Limits({ overview: { limits } }: PartProps) {
  const { t } = useTranslation('operations');
  const { number } = useFormat();
  return (
    <section>
      <h2>{t('limits')}</h2>
      <Facts
        facts={[
          [t('aPerson'), number(limits.runsAPerson)],
          [t('aGroup'), number(limits.runsAGroup)],
          [t('wall'), t('seconds', { s: number(limits.runMs / 1000) })],
        ]}
      />
    </section>
  );
}
