import { listFiles, type RoomPerson } from '@lineage/collab';
import { accountIdSchema, type Person } from '@lineage/contracts';
import { lazy, Suspense } from 'react';
import { useMe } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { X } from 'lucide-react';
import { Avatars, Button, IconButton, Keys } from '../../shared/ui/index.ts';
import { useReached } from '../../shared/ui/reached.ts';
import { activeConnection, inRoomColour, peopleByAccount, useRoomView } from './room/active-room.ts';
import { follow, resumeFollowing, useFollowing } from './room/following.ts';
import type { RoomView } from './room/room-connection.ts';
import type { ListProps, Present } from './room-people-list.tsx';
import { hideCursors, useCursorsHidden } from './state/shown-cursors.ts';
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
  const following = useFollowing();
  const followed = following?.accountId ?? null;
  const others = presentIn(room).filter(({ person }) => person.id !== me?.account.id);
  const own: Present[] =
    me === null || me === undefined
      ? []
      : [{ person: inRoomColour(personOf(me.account)), role: room.session.role, place: null }];
  const all = [...own, ...others];
  const name = others.find(({ person }) => person.id === followed)?.person.name;
  const isPaused = following?.isPaused === true;
  const followers = countFollowers(room, me?.account.id);
  const gather =
    room.session.role === 'lead' && others.length > 0
      ? () => activeConnection()?.session.presence.tell({ gather: Date.now() })
      : null;
  useFollowCommands({ isFollowing: name !== undefined, isPaused, gather });
  if (all.length === 0) return null;
  return (
    <>
      {name !== undefined && (
        <span className={css.following} data-paused={isPaused || undefined} role="status">
          {isPaused ? (
            <Button look="quiet" onClick={resumeFollowing}>
              {t('people.return', { name })} <Keys keys={RETURN_KEYS} />
            </Button>
          ) : (
            t('people.following', { name })
          )}
          <IconButton name={t('people.stop')} onClick={() => follow(null)}>
            <X size={15} />
          </IconButton>
        </span>
      )}
      {others.length > 0 && (
        <Suspense fallback={null}>
          <TakeTurns room={room} />
        </Suspense>
      )}
      <FacesButton
        people={all}
        mineId={me?.account.id}
        followedId={followed}
        followers={followers}
        onGather={gather}
      />
    </>
  );
}

/** Back to whom one followed, from within the code too. */
const RETURN_KEYS = "mod+'";

type FollowCommands = { isFollowing: boolean; isPaused: boolean; gather: (() => void) | null };

function useFollowCommands({ isFollowing, isPaused, gather }: FollowCommands): void {
  const { t } = useTranslation('editor');
  const hidden = useCursorsHidden();
  const group = t('command.group');
  useCommands([
    {
      id: 'room.stopFollowing',
      name: t('people.stop'),
      keys: 'Escape',
      group,
      enabled: isFollowing,
      run: () => follow(null),
    },
    {
      id: 'room.returnToFollowed',
      name: t('people.returnCommand'),
      keys: RETURN_KEYS,
      group,
      enabled: isFollowing && isPaused,
      run: resumeFollowing,
    },
    {
      id: 'room.cursors',
      name: t(hidden ? 'people.showCursors' : 'people.hideCursors'),
      group,
      run: () => hideCursors(!hidden),
    },
    {
      id: 'room.gather',
      name: t('people.gather'),
      group,
      enabled: gather !== null,
      run: () => gather?.(),
    },
  ]);
}

const countFollowers = ({ people }: RoomView, me: string | undefined): number =>
  peopleByAccount(people).filter(({ follows }) => follows === me).length;

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
