import type { Person } from '@lineage/contracts';
import css from './avatar.module.css';
import { cx } from './class-names.ts';

type Props = {
  person: Person;
  /** Shown as a ring and, to a reader, in words; left out when presence is not the point. */
  present?: { on: boolean; words: string };
  size?: 'small' | 'normal';
};

/** A person: stable colour and initials, the name one hover away. */
export function Avatar({ person, present, size = 'normal' }: Props) {
  const label = present === undefined ? person.name : `${person.name}: ${present.words}`;
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={cx(
        css.avatar,
        size === 'small' && css.small,
        present !== undefined && !present.on && css.away,
      )}
      style={{ '--person': `var(--ln-person-${person.colour})` } as React.CSSProperties}
    >
      <span aria-hidden="true">{size === 'small' ? inLittleRoom(person.initials) : person.initials}</span>
    </span>
  );
}

/** Two Han characters do not fit a small circle: the last one of the given name stands for it. */
export const inLittleRoom = (initials: string): string =>
  /^\p{Script=Han}/u.test(initials) ? ([...initials].at(-1) ?? '') : initials;

/** Several people in little room; those past `most` are counted. */
export function Avatars({ people, most = 5 }: { people: readonly Person[]; most?: number }) {
  const rest = people.length - most;
  return (
    <span className={css.stack}>
      {people.slice(0, most).map((person) => (
        <Avatar key={person.id} person={person} size="small" />
      ))}
      {rest > 0 && <span className={css.rest}>+{rest}</span>}
    </span>
  );
}
