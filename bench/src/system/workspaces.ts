import type { Workspace } from '@lineage/contracts';
import { ask, type Person } from './person.ts';

/** The person's workspace of each exercise, in the order of the curriculum. */
export async function openAll(person: Person): Promise<Workspace[]> {
  const { memberships } = await ask(person, 'getMe', {});
  const groupIds = memberships.flatMap((membership) => membership.groupIds);
  const { chapters } = await ask(person, 'getCatalog', {});
  const exerciseIds = chapters.flatMap(({ lessons }) => lessons.map(({ exerciseId }) => exerciseId));
  const opened: Workspace[] = [];
  for (const groupId of groupIds) {
    for (const exerciseId of exerciseIds)
      opened.push(await ask(person, 'openWorkspace', {}, { groupId, exerciseId }));
  }
  return opened;
}

/** The person's first workspace. */
export async function openFirst(person: Person): Promise<Workspace> {
  const [first] = await openAll(person);
  if (first === undefined) throw new Error('the demo has no exercise for this person');
  return first;
}
