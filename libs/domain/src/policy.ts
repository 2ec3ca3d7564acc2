import {
  AbilityBuilder,
  createMongoAbility,
  subject,
  type ForcedSubject,
  type MongoAbility,
} from '@casl/ability';
import type { CohortId, GroupId, RoomRole } from '@lineage/contracts';
import type { Caller, CallerMembership } from './caller.ts';

export type Action = 'read' | 'create' | 'update' | 'invite' | 'lead' | 'edit' | 'run' | 'reset';

/** The facts a policy looks at, by kind of thing. */
export type PolicyFacts = {
  Cohort: { id: CohortId };
  Group: { id: GroupId; cohortId: CohortId };
  ClassSession: { cohortId: CohortId };
  Workspace: { cohortId: CohortId; groupId: GroupId };
  Programme: Record<string, never>;
  Operations: Record<string, never>;
};
export type PolicySubject = keyof PolicyFacts;

type Subjects = PolicySubject | { [K in PolicySubject]: PolicyFacts[K] & ForcedSubject<K> }[PolicySubject];
export type Policy = MongoAbility<[Action, Subjects]>;
type Builder = AbilityBuilder<Policy>;

/** Policies kept: more than there are different roles and groups at work at once. */
const MAX_POLICIES = 500;
const policies = new Map<string, Policy>();

/** Everything `caller` may do. HTTP, socket.io, rooms and the client ask this and nothing else. */
export function policyFor(caller: Caller): Policy {
  // People with the same roles in the same places have one policy: to make it costs more than to ask it.
  const grants = JSON.stringify([caller.programmeRoles, caller.memberships]);
  const known = policies.get(grants);
  if (known !== undefined) return known;
  const [oldest] = policies.keys();
  if (oldest !== undefined && policies.size >= MAX_POLICIES) policies.delete(oldest);
  const policy = makePolicy(caller);
  policies.set(grants, policy);
  return policy;
}

function makePolicy(caller: Caller): Policy {
  const builder = new AbilityBuilder<Policy>(createMongoAbility);
  if (caller.programmeRoles.includes('owner')) allowOwner(builder);
  if (caller.programmeRoles.includes('operator')) builder.can('read', 'Operations');
  for (const membership of caller.memberships) allowMember(builder, membership);
  return builder.build();
}

/** May `caller` do `action` to this very thing? */
export function may<K extends PolicySubject>(
  caller: Caller,
  action: Action,
  kind: K,
  facts: PolicyFacts[K],
): boolean {
  // A copy: CASL marks the object it is given, and the caller's may be frozen or shared.
  return policyFor(caller).can(action, subject(kind, { ...facts }) as never);
}

/** What a person may be in a room by policy; that others navigate while one drives is the room's own affair. */
export type BaseRoomRole = Exclude<RoomRole, 'navigator'>;

/** The role a person enters a room with in free mode, or null when the room does not exist for them. */
export function roomRoleFor(caller: Caller, workspace: PolicyFacts['Workspace']): BaseRoomRole | null {
  if (!may(caller, 'read', 'Workspace', workspace)) return null;
  if (may(caller, 'lead', 'Workspace', workspace)) return 'lead';
  return may(caller, 'edit', 'Workspace', workspace) ? 'driver' : 'observer';
}

/** Whether a room role may change the document. */
export function roleWrites(role: RoomRole): boolean {
  return role === 'driver' || role === 'lead';
}

function allowOwner({ can }: Builder): void {
  can('update', 'Programme');
  can('read', 'Operations');
  can(['create', 'read', 'update', 'invite'], 'Cohort');
  can('read', ['Group', 'ClassSession', 'Workspace']);
  can(['create', 'update'], ['Group', 'ClassSession']);
}

function allowMember(builder: Builder, membership: CallerMembership): void {
  const { can } = builder;
  const { cohortId } = membership;
  can('read', 'Cohort', { id: cohortId });
  can('read', 'ClassSession', { cohortId });
  switch (membership.role) {
    case 'instructor':
      can(['update', 'invite'], 'Cohort', { id: cohortId });
      can(['create', 'read', 'update'], 'Group', { cohortId });
      can(['create', 'update', 'lead'], 'ClassSession', { cohortId });
      can(['read', 'create', 'lead', 'edit', 'run', 'reset'], 'Workspace', { cohortId });
      return;
    case 'mentor':
    case 'assistant':
      can('read', ['Group', 'Workspace'], { cohortId });
      return;
    case 'learner':
      for (const groupId of membership.groupIds) {
        can('read', 'Group', { id: groupId });
        can(['read', 'create', 'edit', 'run', 'reset'], 'Workspace', { cohortId, groupId });
      }
      return;
  }
}
