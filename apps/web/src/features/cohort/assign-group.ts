import type { AccountId, Group, GroupId } from '@lineage/contracts';

/** A group's new list of members, to be sent. */
export type GroupChange = { readonly groupId: GroupId; readonly memberIds: AccountId[] };

/** What must be sent so that `accountId` is in `to` and in no other group. Leaving comes first. */
export function changesToAssign(
  groups: readonly Group[],
  accountId: AccountId,
  to: GroupId | null,
): GroupChange[] {
  const leaving = groups
    .filter(({ id, memberIds }) => id !== to && memberIds.includes(accountId))
    .map(({ id, memberIds }) => ({
      groupId: id,
      memberIds: memberIds.filter((member) => member !== accountId),
    }));
  const joining = groups
    .filter(({ id, memberIds }) => id === to && !memberIds.includes(accountId))
    .map(({ id, memberIds }) => ({ groupId: id, memberIds: [...memberIds, accountId] }));
  return [...leaving, ...joining];
}
