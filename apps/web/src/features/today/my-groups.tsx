import type { Cohort, Me } from '@lineage/contracts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Link, places } from '../../shared/navigation/index.ts';
import { Avatar } from '../../shared/ui/index.ts';
import css from './today.module.css';

/** The groups one is in, with who else is. */
export function MyGroups({ me, cohorts }: { me: Me; cohorts: readonly Cohort[] }) {
  const { t } = useTranslation('app');
  const mine = cohorts.flatMap((cohort) =>
    cohort.groups
      .filter(({ memberIds }) => memberIds.includes(me.account.id))
      .map((group) => ({
        cohort,
        group,
        people: cohort.members.map(({ person }) => person).filter(({ id }) => group.memberIds.includes(id)),
      })),
  );
  return (
    <section className={css.block}>
      <h2>{mine.length === 0 ? t('today.cohorts') : t('today.groups')}</h2>
      <ul className={css.rows}>
        {mine.map(({ cohort, group, people }) => (
          <li key={group.id} className={css.row}>
            <Link to={places.cohort(cohort.id)}>{group.name}</Link>
            <span className={css.dim}>{cohort.title}</span>
            <span className={css.faces}>
              {people.map((person) => (
                <Avatar key={person.id} person={person} size="small" />
              ))}
            </span>
          </li>
        ))}
        {mine.length === 0 &&
          cohorts.map((cohort) => (
            <li key={cohort.id} className={css.row}>
              <Link to={places.cohort(cohort.id)}>{cohort.title}</Link>
              <span className={css.dim}>{cohort.myRole !== null && t(`role.${cohort.myRole}`)}</span>
              <span className={css.faces}>{t('cohort.memberCount', { count: cohort.members.length })}</span>
            </li>
          ))}
      </ul>
    </section>
  );
}
