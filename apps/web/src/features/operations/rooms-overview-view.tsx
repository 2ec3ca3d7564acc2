import type { RoomsOfProcess, RoomsOverview } from '@lineage/contracts';
import { useQuery } from '@tanstack/react-query';
import { isRefusal, routeQuery } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Badge, ErrorNotice, Skeleton } from '../../shared/ui/index.ts';
import { Counts, Millis } from './facts.tsx';
import css from './operations.module.css';

const EVERY_MS = 2_000;

/** Rooms of every process: sockets, holder, queue, how long a commit takes, what was refused. */
export function RoomsOverviewView() {
  const { t } = useTranslation('operations');
  const { data, error, refetch } = useQuery({
    ...routeQuery('getRoomsOverview'),
    refetchInterval: EVERY_MS,
    staleTime: 0,
  });
  // The page says so once, above.
  if (isRefusal(error, 'not_found')) return null;
  return (
    <section className={css.part}>
      <h2>{t('rooms')}</h2>
      {data === undefined && error === null && <Skeleton rows={[80, 80]} />}
      {data === undefined && error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data !== undefined && <RoomsOf overview={data} />}
    </section>
  );
}

function RoomsOf({ overview }: { overview: RoomsOverview }) {
  const { t } = useTranslation('operations');
  const { processes, rooms } = overview;
  return (
    <>
      <Processes processes={processes} />
      {rooms.length === 0 ? <p className={css.dim}>{t('noRooms')}</p> : <OpenRooms overview={overview} />}
      <div className={css.columns}>
        <Counts
          title={t('refusedEdits')}
          counts={sumOf(processes.map(({ refused }) => refused))}
          nameOf={(word) => t(`refusal.${word}`)}
        />
        <Counts
          title={t('closedSockets')}
          counts={sumOf(processes.map(({ closed }) => closed))}
          nameOf={(word) => t(`close.${word}`)}
        />
      </div>
    </>
  );
}

function Processes({ processes }: { processes: readonly RoomsOfProcess[] }) {
  const { t } = useTranslation('operations');
  const { number } = useFormat();
  const name = (address: string) => (address === '' ? t('onlyProcess') : address);
  return (
    <div className={css.wide} role="region" tabIndex={0} aria-label={t('processes')}>
      <table className={css.numbers}>
        <thead>
          <tr>
            <th scope="col">{t('process')}</th>
            <th scope="col">{t('rooms')}</th>
            <th scope="col">{t('sockets')}</th>
            <th scope="col">{t('relayed')}</th>
            <th scope="col">{t('queuedEdits')}</th>
            <th scope="col">{t('commit50')}</th>
            <th scope="col">{t('commit99')}</th>
          </tr>
        </thead>
        <tbody>
          {processes.map(({ address, isThis, storageOk, rooms, sockets, relayed, queued, commits }) => (
            <tr key={address}>
              <th scope="row">
                {name(address)} {isThis && processes.length > 1 && <Badge>{t('thisProcess')}</Badge>}
                {!storageOk && <p className={css.bad}>{t('notStored')}</p>}
              </th>
              <td>{number(rooms)}</td>
              <td>{number(sockets)}</td>
              <td>{number(relayed)}</td>
              <td>{number(queued)}</td>
              <td>
                <Millis ms={commits.p50Ms} />
              </td>
              <td>
                <Millis ms={commits.p99Ms} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OpenRooms({ overview: { rooms, processes } }: { overview: RoomsOverview }) {
  const { t } = useTranslation('operations');
  const { number, time } = useFormat();
  const severalHold = processes.length > 1;
  return (
    <div className={css.wide} role="region" tabIndex={0} aria-label={t('openRooms')}>
      <table className={css.numbers}>
        <thead>
          <tr>
            <th scope="col">{t('workspace')}</th>
            {severalHold && <th scope="col">{t('holder')}</th>}
            <th scope="col">{t('sockets')}</th>
            {severalHold && <th scope="col">{t('relayed')}</th>}
            <th scope="col">{t('queuedEdits')}</th>
            <th scope="col">{t('sinceSnapshot')}</th>
            <th scope="col">{t('lastEdit')}</th>
          </tr>
        </thead>
        <tbody>
          {rooms.map((room) => (
            <tr key={room.workspaceId}>
              <th scope="row">
                <code>{room.workspaceId}</code>
              </th>
              {severalHold && <td>{room.holder}</td>}
              <td>{number(room.sockets)}</td>
              {severalHold && <td>{number(room.relayed)}</td>}
              <td>{number(room.queued)}</td>
              <td>{number(room.sinceSnapshot)}</td>
              <td>{room.lastEditAt === null ? '–' : time(room.lastEditAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const counts of all)
    for (const [word, count] of Object.entries(counts)) sum[word] = (sum[word] ?? 0) + count;
  return sum;
}
