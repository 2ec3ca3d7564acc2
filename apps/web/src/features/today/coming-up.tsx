import type { Cohort } from '@lineage/contracts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Link, places } from '../../shared/navigation/index.ts';
import { Badge } from '../../shared/ui/index.ts';
import css from './today.module.css';

const MOST = 6;

/** What is planned, and what was last. */
export function ComingUp({ cohorts }: { cohorts: readonly Cohort[] }) {
  const { t } = useTranslation('app');
  const { dateTime } = useFormat();
  const sessions = cohorts
    .flatMap(({ classSessions }) => classSessions)
    .toSorted(
      (a, b) =>
        Number(a.state === 'ended') - Number(b.state === 'ended') ||
        Date.parse(a.startsAt) - Date.parse(b.startsAt),
    )
    .slice(0, MOST);
  return (
    <section className={css.block}>
      <h2>{t('today.sessions')}</h2>
      {sessions.length === 0 && <p className={css.dim}>{t('today.noSessions')}</p>}
      <ul className={css.rows}>
        {sessions.map((session) => (
          <li key={session.id} className={css.row}>
            <Link to={places.classSession(session.id)}>{session.title}</Link>
            <time className={css.dim} dateTime={session.startsAt}>
              {dateTime(session.startsAt)}
            </time>
            <span className={css.faces}>
              <Badge tone={session.state === 'live' ? 'bad' : 'plain'}>
                {t(`cohort.sessionState.${session.state}`)}
              </Badge>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
