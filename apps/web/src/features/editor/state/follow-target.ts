import type { RoomPerson } from '@lineage/collab';

type Someone = Pick<RoomPerson, 'user' | 'follows' | 'cursor'>;

/**
 * Whose view somebody who follows `accountId` sees: theirs, or that of whom they follow themselves, and so on. People
 * who follow in a circle, or follow `me`, are where they are. Null when they are not in the room.
 */
export function followTarget<Person extends Someone>(
  accountId: string,
  people: readonly Person[],
  me: string,
): Person | null {
  const seen = new Set<string>([me]);
  let target = personOf(accountId, people);
  for (let next = target; next !== null && !seen.has(next.user.id);) {
    target = next;
    seen.add(next.user.id);
    next = next.follows === null ? null : personOf(next.follows, people);
  }
  return target;
}

/** Of somebody's several pages the one that is in a file. */
function personOf<Person extends Someone>(accountId: string, people: readonly Person[]): Person | null {
  const theirs = people.filter(({ user }) => user.id === accountId);
  return theirs.find(({ cursor }) => cursor !== null) ?? theirs[0] ?? null;
}
