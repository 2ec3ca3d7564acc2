import type { Me } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { useRoute } from './queries.ts';

/** Who is signed in; undefined while that is not known, null when nobody is. */
export function useMe(): Me | null | undefined {
  const { data, error } = useRoute('getMe');
  if (error?.code === 'unauthenticated') return null;
  return data;
}

/** The person as the policy asks for them. The server asks again; this only decides what is worth showing. */
export function callerOf(me: Me): Caller {
  return {
    accountId: me.account.id,
    name: me.account.name,
    email: me.account.email,
    programmeRoles: me.programmeRoles,
    memberships: me.memberships,
  };
}
