import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** Adds workspaces like `origin`, as its branches, with its template: the rows that the product would write for each. */
export async function addWorkspaces(db: pg.Client, origin: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID() as string);
  await db.query(
    `INSERT INTO workspace (id, cohort_id, group_id, exercise_id, lesson_id, epoch, created_by, created_at,
                            branch_of, branch_epoch, branch_seq, branch_key)
     SELECT g.id, w.cohort_id, w.group_id, w.exercise_id, w.lesson_id, 1, w.created_by, now(), w.id, 1, 0, g.id::text
       FROM workspace w, unnest($1::uuid[]) AS g(id) WHERE w.id = $2`,
    [ids, origin],
  );
  await db.query(
    `INSERT INTO workspace_template (workspace_id, epoch, state)
     SELECT g.id, 1, t.state FROM workspace_template t, unnest($1::uuid[]) AS g(id) WHERE t.workspace_id = $2 AND t.epoch = 1`,
    [ids, origin],
  );
  return ids;
}
