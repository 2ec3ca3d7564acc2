import type { PresentPerson } from '@lineage/contracts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Avatar, Badge } from '../../shared/ui/index.ts';
import css from './people-list.module.css';

const order = ['instructor', 'assistant', 'mentor', 'learner', 'guest'] as const;

/** Who is here now; those who lead first. */
export function PeopleList({ people, myId }: { people: readonly PresentPerson[]; myId: string }) {
  const { t } = useTranslation('app');
  const sorted = people.toSorted(
    (a, b) => order.indexOf(a.role) - order.indexOf(b.role) || a.name.localeCompare(b.name),
  );
  return (
    <section aria-labelledby="class-people" className={css.people}>
      <h2 id="class-people">{t('class.people', { count: people.length })}</h2>
      {people.length === 0 && <p className={css.none}>{t('class.nobody')}</p>}
      <ul>
        {sorted.map((person) => (
          <li key={person.id} className={css.person}>
            <Avatar person={person} size="small" />
            <span className={css.name}>
              {person.name}
              {person.id === myId && <span className={css.me}> {t('class.me')}</span>}
            </span>
            {person.role !== 'learner' && <Badge>{t(`role.${person.role}`)}</Badge>}
          </li>
        ))}
      </ul>
    </section>
  );
}
