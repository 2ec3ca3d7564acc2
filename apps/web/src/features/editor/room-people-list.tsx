import type { Person } from '@lineage/contracts';
import { Popover } from '@mantine/core';
import '@mantine/core/styles/Popover.layer.css';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { MantineTheme } from '../../shared/theme/mantine-theme.tsx';
import { Avatar, Badge, Button } from '../../shared/ui/index.ts';
import { useOpenFromButton } from '../../shared/ui/reached.ts';
import { follow } from './room/following.ts';
import css from './room-people.module.css';
import { hideCursors, useCursorsHidden } from './state/shown-cursors.ts';

/** Somebody in the room: their role, and the file they are in. */
export type Present = {
  readonly person: Person;
  readonly role: string | null;
  readonly place: string | null;
};
export type ListProps = {
  people: readonly Present[];
  mineId: string | undefined;
  followedId: string | null;
  /** How many follow oneself now. */
  followers: number;
  /** Calls everybody to oneself; null for who may not. */
  onGather: (() => void) | null;
  button: RefObject<HTMLButtonElement | null>;
  children: ReactNode;
};

/** The people of a room as text, each with "Follow"; `children` is the button. Loaded when it is first wanted. */
export function RoomPeopleList({
  people,
  mineId,
  followedId,
  followers,
  onGather,
  button,
  children,
}: ListProps) {
  const { t } = useTranslation('editor');
  const open = useOpenFromButton(button);
  const hidden = useCursorsHidden();
  return (
    <MantineTheme>
      <Popover position="bottom-end" width={300} trapFocus returnFocus {...open}>
        <Popover.Target>{children}</Popover.Target>
        <Popover.Dropdown aria-label={t('people.title')}>
          <ul className={css.list}>
            {people.map((present) => (
              <Row
                key={present.person.id}
                present={present}
                mine={present.person.id === mineId}
                followed={present.person.id === followedId}
              />
            ))}
          </ul>
          {people.every(({ person }) => person.id === mineId) && (
            <p className={css.alone}>{t('people.alone')}</p>
          )}
          {followers > 0 && <p className={css.alone}>{t('people.followers', { count: followers })}</p>}
          <div className={css.choices}>
            <label className={css.choice}>
              <input
                type="checkbox"
                checked={!hidden}
                onChange={(event) => hideCursors(!event.target.checked)}
              />
              {t('people.cursors')}
            </label>
            {onGather !== null && <Button onClick={onGather}>{t('people.gather')}</Button>}
          </div>
        </Popover.Dropdown>
      </Popover>
    </MantineTheme>
  );
}

function Row({ present, mine, followed }: { present: Present; mine: boolean; followed: boolean }) {
  const { t } = useTranslation('editor');
  const { person, role, place } = present;
  return (
    <li className={css.person}>
      <Avatar person={person} size="small" />
      <span className={css.name}>
        {person.name} {mine && <span className={css.dim}>{t('people.me')}</span>}
        {place !== null && <span className={css.place}>{t('people.inFile', { path: place })}</span>}
      </span>
      {isRole(role) && <Badge>{t(`role.${role}`)}</Badge>}
      {!mine && (
        <Button
          aria-pressed={followed}
          aria-label={followed ? t('people.stop') : t('people.followNamed', { name: person.name })}
          onClick={() => follow(followed ? null : person.id)}
        >
          {t(followed ? 'people.stop' : 'people.follow')}
        </Button>
      )}
    </li>
  );
}

const isRole = (role: string | null): role is 'driver' | 'navigator' | 'observer' | 'lead' =>
  role === 'driver' || role === 'navigator' || role === 'observer' || role === 'lead';
