import { listFiles, type RoomPerson } from '@lineage/collab';
import { accountIdSchema, type Person } from '@lineage/contracts';
import { Popover } from '@mantine/core';
import '@mantine/core/styles/Popover.layer.css';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../shared/api/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Avatar, Avatars, Badge, Button } from '../../shared/ui/index.ts';
import { follow, peopleByAccount, useFollowed, useRoomView } from './room/active-room.ts';
import type { RoomView } from './room/room-connection.ts';
import css from './room-people.module.css';

/** Who is in the workspace's room: faces in little room, a list with places and "Follow" one press away. */
export function RoomPeople() {
  const room = useRoomView();
  return room === null ? null : <People room={room} />;
}

type Present = { readonly person: Person; readonly role: string | null; readonly place: string | null };

function People({ room }: { room: RoomView }) {
  const { t } = useTranslation('editor');
  const me = useMe();
  const followed = useFollowed();
  const [opened, setOpened] = useState(false);
  const others = presentIn(room).filter(({ person }) => person.id !== me?.account.id);
  const own: Present[] =
    me === null || me === undefined
      ? []
      : [{ person: personOf(me.account), role: room.session.role, place: null }];
  const all = [...own, ...others];
  const name = others.find(({ person }) => person.id === followed)?.person.name;
  useCommands([
    {
      id: 'room.stopFollowing',
      name: t('people.stop'),
      keys: 'Escape',
      group: t('command.group'),
      enabled: followed !== null,
      run: () => follow(null),
    },
  ]);
  if (all.length === 0) return null;
  return (
    <>
      {name !== undefined && (
        <span className={css.following} role="status">
          {t('people.following', { name })}
          <Button look="quiet" onClick={() => follow(null)}>
            {t('people.stop')}
          </Button>
        </span>
      )}
      <Popover opened={opened} onChange={setOpened} position="bottom-end" width={300} trapFocus returnFocus>
        <Popover.Target>
          <button type="button" className={css.button} onClick={() => setOpened((is) => !is)}>
            <span className="ln-hidden">{t('people.button', { count: all.length })}</span>
            <Avatars people={all.map(({ person }) => person)} />
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('people.title')}>
          <ul className={css.list}>
            {all.map((present) => (
              <Row
                key={present.person.id}
                present={present}
                mine={present.person.id === me?.account.id}
                followed={present.person.id === followed}
              />
            ))}
          </ul>
          {others.length === 0 && <p className={css.alone}>{t('people.alone')}</p>}
        </Popover.Dropdown>
      </Popover>
    </>
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

const personOf = ({ id, name, initials, colour }: Person): Person => ({ id, name, initials, colour });

function presentIn({ doc, people }: RoomView): Present[] {
  const paths = new Map(listFiles(doc).map(({ id, path }) => [id, path]));
  return peopleByAccount(people).flatMap((person) => presentOf(person, paths) ?? []);
}

function presentOf({ user, cursor }: RoomPerson, paths: ReadonlyMap<string, string>): Present | null {
  const id = accountIdSchema.safeParse(user.id);
  if (!id.success) return null;
  const { name, initials } = user;
  return {
    person: { id: id.data, name, initials, colour: user.colour % 12 },
    role: user.role,
    place: cursor === null ? null : (paths.get(cursor.file) ?? null),
  };
}
