import { listFiles, type RoomPerson } from '@lineage/collab';
import { accountIdSchema, type Person } from '@lineage/contracts';
import { lazy, Suspense } from 'react';
import { useMe } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Avatars, Button } from '../../shared/ui/index.ts';
import { useReached } from '../../shared/ui/reached.ts';
import { follow, inRoomColour, peopleByAccount, useFollowed, useRoomView } from './room/active-room.ts';
import type { RoomView } from './room/room-connection.ts';
import type { ListProps, Present } from './room-people-list.tsx';
import css from './room-people.module.css';

/** Who is in the workspace's room: faces in little room, a list with places and "Follow" one press away. */
export function RoomPeople() {
  const room = useRoomView();
  return room === null ? null : <People room={room} />;
}

const loadList = () =>
  import('./room-people-list.tsx').then(({ RoomPeopleList: component }) => ({ default: component }));
const RoomPeopleList = lazy(loadList);
// Comes with the second person.
const TakeTurns = lazy(() =>
  import('./control/index.ts').then(({ TakeTurns: component }) => ({ default: component })),
);

function People({ room }: { room: RoomView }) {
  const { t } = useTranslation('editor');
  const me = useMe();
  const followed = useFollowed();
  const others = presentIn(room).filter(({ person }) => person.id !== me?.account.id);
  const own: Present[] =
    me === null || me === undefined
      ? []
      : [{ person: inRoomColour(personOf(me.account)), role: room.session.role, place: null }];
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
      {others.length > 0 && (
        <Suspense fallback={null}>
          <TakeTurns room={room} />
        </Suspense>
      )}
      <FacesButton people={all} mineId={me?.account.id} followedId={followed} />
    </>
  );
}

function FacesButton({ people, ...list }: Omit<ListProps, 'button' | 'children'>) {
  const { t } = useTranslation('editor');
  const { wanted, handlers, button: ref } = useReached(loadList);
  const button = (
    <button ref={ref} type="button" className={css.button} aria-haspopup="dialog" {...handlers}>
      <span className="ln-hidden">{t('people.button', { count: people.length })}</span>
      <Avatars people={people.map(({ person }) => person)} />
    </button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <RoomPeopleList people={people} button={ref} {...list}>
        {button}
      </RoomPeopleList>
    </Suspense>
  );
}

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
