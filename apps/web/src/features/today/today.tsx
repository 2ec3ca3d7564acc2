import type { ClassSession, Cohort, Me } from '@lineage/contracts';
import { useQueries } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useMemo } from 'react';
import { routeQuery } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Link, places } from '../../shared/navigation/index.ts';
import { buttonClass, ErrorLine, Skeleton, useNow, usePageFrame } from '../../shared/ui/index.ts';
import { useLastPlace } from '../../shared/ui/last-place.ts';
import { ComingUp } from './coming-up.tsx';
import { MyGroups } from './my-groups.tsx';
import css from './today.module.css';
import { whatNow } from './what-now.ts';

/** What should I do now: one primary action, then my groups and what is planned. */
export function Today({ me }: { me: Me }) {
  const { t } = useTranslation('app');
  usePageFrame(useMemo(() => ({ title: t('nav.today') }), [t]));
  const cohortAnswers = useQueries({
    queries: me.memberships.map(({ cohortId }) => routeQuery('getCohort', { params: { cohortId } })),
  });
  const liveAnswers = useQueries({
    queries: me.liveClassSessionIds.map((classSessionId) =>
      routeQuery('getClassSession', { params: { classSessionId } }),
    ),
  });
  const cohorts = cohortAnswers.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const live = liveAnswers.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const waiting = [...cohortAnswers, ...liveAnswers].some(({ isPending }) => isPending);
  const error = [...cohortAnswers, ...liveAnswers].find((answer) => answer.error !== null)?.error;
  return (
    <div className={css.page}>
      <h1 className="ln-hidden">{t('nav.today')}</h1>
      {waiting && cohorts.length === 0 && live.length === 0 ? (
        <Skeleton rows={[30, 60, 20]} />
      ) : (
        <Primary me={me} cohorts={cohorts} live={live} />
      )}
      <ErrorLine error={error} />
      {cohorts.length > 0 && (
        <div className={css.columns}>
          <MyGroups me={me} cohorts={cohorts} />
          <ComingUp cohorts={cohorts} />
        </div>
      )}
    </div>
  );
}

/** What an operator's monitor asks; the server answers them itself. */
const addresses = [
  { href: '/api/health/live', key: 'live' },
  { href: '/api/health/ready', key: 'ready' },
  { href: '/metrics', key: 'metrics' },
] as const;

/** The one thing to do now. */
function Primary({
  me,
  cohorts,
  live,
}: {
  me: Me;
  cohorts: readonly Cohort[];
  live: readonly ClassSession[];
}) {
  const { t } = useTranslation('app');
  const { relative, dateTime } = useFormat();
  const now = useNow(30_000);
  const last = useLastPlace(me.account.id);
  const action = whatNow({ me, cohorts, live, lastWorkspaceId: last.workspaceId, now });
  const go = (href: string, words: string) => (
    <Link to={href} className={buttonClass('primary', 'large')}>
      {words} <ArrowRight aria-hidden="true" />
    </Link>
  );
  switch (action.kind) {
    case 'live':
      return (
        <section className={css.primary} data-live>
          <p className={css.eyebrow}>
            <span className={css.dot} aria-hidden="true" /> {t('today.live')} · {action.cohortTitle}
          </p>
          <h2>{action.title}</h2>
          <div className={css.actions}>
            {go(
              places.classSession(action.classSessionId),
              action.canLead ? t('today.lead') : t('today.join'),
            )}
            {last.workspaceId !== undefined && !action.canLead && (
              <Link to={places.workspace(last.workspaceId)} className={buttonClass('quiet', 'large')}>
                {t('today.backToWorkspace')}
              </Link>
            )}
          </div>
        </section>
      );
    case 'continue':
      return (
        <section className={css.primary}>
          <p className={css.eyebrow}>{t('today.continue')}</p>
          <h2>{last.workspaceTitle ?? t('nav.workspace')}</h2>
          {go(places.workspace(action.workspaceId), t('today.continueVerb'))}
        </section>
      );
    case 'next':
      return (
        <section className={css.primary}>
          <p className={css.eyebrow}>
            {t('today.next')} · {action.cohortTitle}
          </p>
          <h2>{action.title}</h2>
          <p className={css.dim} title={dateTime(action.startsAt)}>
            {Date.parse(action.startsAt) > now
              ? relative(action.startsAt, now)
              : t('today.due', { at: dateTime(action.startsAt) })}
          </p>
          {go(
            places.classSession(action.classSessionId),
            action.canLead ? t('today.prepare') : t('today.readAhead'),
          )}
        </section>
      );
    case 'cohort':
      return (
        <section className={css.primary}>
          <p className={css.eyebrow}>{t('today.nothingPlanned')}</p>
          <h2>{action.title}</h2>
          {go(`/cohorts/${action.cohortId}`, action.canPlan ? t('today.plan') : t('today.openCohort'))}
        </section>
      );
    case 'owner':
      return (
        <section className={css.primary}>
          <h2>{t('today.owner')}</h2>
          <p className={css.dim}>{t('today.ownerHint')}</p>
          {go('/cohorts', t('today.ownerVerb'))}
        </section>
      );
    case 'operator':
      return (
        <section className={css.primary}>
          <h2>{t('today.operator')}</h2>
          <p className={css.dim}>{t('today.operatorHint')}</p>
          <ul className={css.addresses}>
            {addresses.map(({ href, key }) => (
              <li key={href}>
                <a href={href}>
                  <code>{href}</code>
                </a>
                <span className={css.dim}>{t(`today.address.${key}`)}</span>
              </li>
            ))}
          </ul>
        </section>
      );
    case 'nothing':
      return (
        <section className={css.primary}>
          <h2>{t('today.nothing')}</h2>
          <p className={css.dim}>{t('today.nothingHint')}</p>
        </section>
      );
  }
}
