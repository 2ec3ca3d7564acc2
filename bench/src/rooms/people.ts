import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { TICKET_SUBPROTOCOL_PREFIX } from '@lineage/collab';
import type pg from 'pg';

/** Longer than any benchmark: a script that asked for its ticket over HTTP would have a minute. */
const TICKET_LIFE = '1 day';

/** A person with a login, and the subprotocol of a ticket for one workspace. */
export type Guest = { readonly accountId: string; readonly ticket: string };

/**
 * Adds `count` people to the cohort of a workspace, learners to its group too, each with a login and a ticket: rows as
 * the product would write them, because a thousand people do not sign in within a benchmark's patience. The server finds
 * nothing out of the ordinary, and no limit of it is passed over.
 */
export async function addGuests(
  db: pg.Client,
  workspaceId: string,
  role: 'assistant' | 'learner',
  count: number,
): Promise<Guest[]> {
  const ids = Array.from({ length: count }, () => randomUUID() as string);
  await db.query(
    `INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
     SELECT id, 'Guest ' || left(id, 4), id || '@bench.invalid', true, now(), now() FROM unnest($1::text[]) AS id`,
    [ids],
  );
  await db.query(
    `INSERT INTO auth.session (id, "userId", token, "expiresAt", "createdAt", "updatedAt")
     SELECT 'login-' || id, id, 'token-' || id, now() + interval '${TICKET_LIFE}', now(), now() FROM unnest($1::text[]) AS id`,
    [ids],
  );
  await db.query(
    `INSERT INTO cohort_membership (cohort_id, account_id, role, joined_at)
     SELECT w.cohort_id, g.id, $3, now() FROM workspace w, unnest($1::text[]) AS g(id) WHERE w.id = $2`,
    [ids, workspaceId, role],
  );
  if (role === 'learner')
    await db.query(
      `INSERT INTO cohort_group_member (group_id, account_id)
       SELECT w.group_id, g.id FROM workspace w, unnest($1::text[]) AS g(id) WHERE w.id = $2`,
      [ids, workspaceId],
    );
  const tickets = await issueTickets(
    db,
    ids.map((accountId) => ({ accountId, workspaceId })),
  );
  return ids.map((accountId, i) => ({ accountId, ticket: tickets[i] ?? '' }));
}

/** Subprotocols that let these accounts into these workspaces, in their order. */
export async function issueTickets(
  db: pg.Client,
  wanted: readonly { readonly accountId: string; readonly workspaceId: string }[],
): Promise<string[]> {
  const tokens = wanted.map(() => randomBytes(32).toString('base64url'));
  await db.query(
    `INSERT INTO workspace_ticket (token_hash, workspace_id, account_id, expires_at)
     SELECT hash, workspace_id, account_id, now() + interval '${TICKET_LIFE}'
       FROM unnest($1::bytea[], $2::uuid[], $3::text[]) AS t(hash, workspace_id, account_id)`,
    [
      tokens.map((token) => createHash('sha256').update(token).digest()),
      wanted.map(({ workspaceId }) => workspaceId),
      wanted.map(({ accountId }) => accountId),
    ],
  );
  return tokens.map((token) => TICKET_SUBPROTOCOL_PREFIX + token);
}
