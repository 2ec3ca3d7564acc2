import type { Me } from '@lineage/contracts';
import { useRoute } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Link, places } from '../../shared/navigation/index.ts';
import { buttonClass, ErrorNotice, Notice, Skeleton } from '../../shared/ui/index.ts';
import css from './cohort.module.css';

/** The cohorts a person is in; all of them for an owner. */
export function CohortList({ me }: { me: Me }) {
  const { t } = useTranslation('app');
  const { date } = useFormat();
  const { data, error, refetch } = useRoute('listCohorts');
  const canCreate = me.programmeRoles.includes('owner');
  const create = (
    <Link to={places.newCohort} className={buttonClass('primary')}>
      {t('cohort.new')}
    </Link>
  );
  if (data === undefined)
    return error === null ? <Skeleton /> : <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data.cohorts.length === 0) {
    return (
      <Notice level={1} title={t('cohort.none')} actions={canCreate ? create : undefined}>
        {canCreate ? t('cohort.noneOwner') : t('today.nothingHint')}
      </Notice>
    );
  }
  return (
    <div className={css.stack}>
      <header className={css.head}>
        <h1>{t('nav.cohorts')}</h1>
        {canCreate && create}
      </header>
      <ul className={css.rows}>
        {data.cohorts.map((cohort) => (
          <li key={cohort.id} className={css.row}>
            <Link to={places.cohort(cohort.id)} className={css.title}>
              {cohort.title}
            </Link>
            <span className={css.dim}>{t('cohort.memberCount', { count: cohort.memberCount })}</span>
            <time className={css.dim} dateTime={cohort.startsOn}>
              {t('cohort.from', { date: date(cohort.startsOn) })}
            </time>
          </li>
        ))}
      </ul>
    </div>
  );
}
