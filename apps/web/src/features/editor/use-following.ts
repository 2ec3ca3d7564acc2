import type { EditorView } from '@codemirror/view';
import type { FileEntry, RoomPerson } from '@lineage/collab';
import { useEffect, useEffectEvent, useRef } from 'react';
import * as Y from 'yjs';
import { useTranslation } from '../../shared/i18n/index.ts';
import { announce } from '../../shared/ui/index.ts';
import { activeConnection } from './room/active-room.ts';
import { follow, useFollowing } from './room/following.ts';
import { followTarget } from './state/follow-target.ts';

/** Scrolling is told at most this often; a follower's eye cannot use more. */
const TELL_TOP_EVERY_MS = 200;

/** Whose view this page takes over now, or null; tells the others that it does. */
export function useFollowedPerson(people: ReadonlyMap<number, RoomPerson>, me: string): RoomPerson | null {
  const following = useFollowing();
  const accountId = following === null || following.isPaused ? null : following.accountId;
  useEffect(() => {
    activeConnection()?.session.presence.tell({ follows: accountId });
  }, [accountId]);
  useGathering(people);
  return accountId === null ? null : followTarget(accountId, [...people.values()], me);
}

/** A lead calls everybody; the role is the server's word, so nobody else can. Leaving again is one key. */
function useGathering(people: ReadonlyMap<number, RoomPerson>): void {
  const { t } = useTranslation('editor');
  const seen = useRef(new Map<number, number | null>());
  const called = useEffectEvent(({ user }: RoomPerson) => {
    follow(user.id);
    announce(t('people.gathered', { name: user.name }));
  });
  useEffect(() => {
    for (const [clientId, person] of people) {
      const before = seen.current.get(clientId);
      seen.current.set(clientId, person.gather);
      // Who is new here may have called long ago.
      if (before === undefined || person.gather === null || person.gather === before) continue;
      if (person.user.role === 'lead') called(person);
    }
  }, [people]);
}

/** Tells which line is the first one on the screen, while somebody follows. */
export function useToldTop(
  view: EditorView | null,
  { text, id }: FileEntry,
  people: ReadonlyMap<number, RoomPerson>,
  me: string,
): void {
  const isFollowed = [...people.values()].some(({ follows }) => follows === me);
  useEffect(() => {
    const presence = activeConnection()?.session.presence;
    if (view === null || !isFollowed || presence === undefined) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const tell = (): void => {
      timer = null;
      const index = view.lineBlockAtHeight(view.scrollDOM.scrollTop).from;
      const at = Y.createRelativePositionFromTypeIndex(text, Math.min(index, text.length));
      presence.tell({ top: { file: id, at: Y.relativePositionToJSON(at) } });
    };
    const onScroll = (): void => {
      timer ??= setTimeout(tell, TELL_TOP_EVERY_MS);
    };
    tell();
    view.scrollDOM.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      view.scrollDOM.removeEventListener('scroll', onScroll);
      if (timer !== null) clearTimeout(timer);
      presence.tell({ top: null });
    };
  }, [view, text, id, isFollowed]);
}
