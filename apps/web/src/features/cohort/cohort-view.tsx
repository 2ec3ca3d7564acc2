import type { Cohort, Me } from '@lineage/contracts';
import { may } from '@lineage/domain';
import { callerOf } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import css from './cohort.module.css';
import { Groups } from './groups.tsx';
import { Invitations } from './invitations.tsx';
import { Members } from './members.tsx';
import { Sessions } from './sessions.tsx';

/** Who is in, how they are grouped, what is planned. */
export function CohortView({ cohort, me }: { cohort: Cohort; me: Me }) {
  const { t } = useTranslation('app');
  const { date } = useFormat();
  const caller = callerOf(me);
  const canGroup = may(caller, 'update', 'Group', {
    id: cohort.groups[0]?.id ?? ('' as never),
    cohortId: cohort.id,
  });
  return (
    <div className={css.stack}>
      <header className={css.head}>
        <div>
          <h1>{cohort.title}</h1>
          <p className={css.dim}>
            {t('cohort.from', { date: date(cohort.startsOn) })} ·{' '}
            {t('cohort.memberCount', { count: cohort.members.length })}
          </p>
        </div>
      </header>
      <div className={css.columns}>
        <div className={css.stack}>
          <Sessions
            cohort={cohort}
            canPlan={may(caller, 'create', 'ClassSession', { cohortId: cohort.id })}
          />
          <Members cohort={cohort} canGroup={canGroup} myId={me.account.id} />
        </div>
        <div className={css.stack}>
          <Groups cohort={cohort} canGroup={canGroup} />
          {may(caller, 'invite', 'Cohort', { id: cohort.id }) && <Invitations cohort={cohort} />}
        </div>
      </div>
    </div>
  );
}
