import { useMemo } from 'react';
import { CohortList, CohortView, NewCohort } from '../../features/cohort/index.ts';
import { useRoute } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { places, useParam } from '../../shared/navigation/index.ts';
import { ErrorNotice, Skeleton, usePageFrame } from '../../shared/ui/index.ts';
import css from '../frame/page.module.css';
import { SignedIn } from './signed-in.tsx';

/** `/cohorts`. */
export function CohortsPage() {
  const { t } = useTranslation('app');
  usePageFrame(useMemo(() => ({ title: t('nav.cohorts') }), [t]));
  return (
    <div className={css.page}>
      <SignedIn>{(me) => <CohortList me={me} />}</SignedIn>
    </div>
  );
}

/** `/cohorts/new`. */
export function NewCohortPage() {
  const { t } = useTranslation('app');
  usePageFrame(
    useMemo(
      () => ({ title: t('cohort.new'), crumbs: [{ label: t('nav.cohorts'), href: places.cohorts }] }),
      [t],
    ),
  );
  return (
    <div className={css.page}>
      <SignedIn>{() => <NewCohort />}</SignedIn>
    </div>
  );
}

/** `/cohorts/:cohortId`. */
export function CohortPage() {
  const { t } = useTranslation('app');
  const cohortId = useParam('cohortId');
  const { data: cohort, error, refetch } = useRoute('getCohort', { params: { cohortId } });
  const title = cohort?.title ?? t('nav.cohort');
  usePageFrame(
    useMemo(() => ({ title, crumbs: [{ label: t('nav.cohorts'), href: places.cohorts }] }), [t, title]),
  );
  return (
    <div className={css.page}>
      <SignedIn>
        {(me) => {
          if (cohort !== undefined) return <CohortView cohort={cohort} me={me} />;
          return error === null ? (
            <Skeleton rows={[40, 20, 80, 80]} />
          ) : (
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          );
        }}
      </SignedIn>
    </div>
  );
}
