import { listFiles } from '@lineage/collab';
import type { DataSource } from 'typeorm';
import * as Y from 'yjs';

/**
 * A log of so many edits of one person, who typed line after line and took some back: written as rows, since typing
 * them would take an hour.
 */
export async function longLog(
  db: DataSource,
  workspaceId: string,
  path: string,
  edits: number,
): Promise<{ text: string }> {
  const [template]: { state: Buffer }[] = await db.query(
    'SELECT state FROM workspace_template WHERE workspace_id = $1 AND epoch = 1',
    [workspaceId],
  );
  const doc = new Y.Doc();
  if (template !== undefined) Y.applyUpdate(doc, template.state);
  const text = listFiles(doc).find((file) => file.path === path)?.text;
  if (text === undefined) throw new Error(`there is no ${path}`);
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let n = 0; updates.length < edits; n += 1) {
    if (n % 5 === 4) text.delete(text.length - 3, 3);
    else text.insert(text.length, n % 40 === 39 ? '\n// ' : `w${n % 10}`);
  }
  await db.query(
    `INSERT INTO room_update (workspace_id, epoch, seq, account_id, "update", at)
     SELECT $1, 1, u.seq, 'somebody', u.bytes, now() - interval '5 hours' + u.seq * interval '200 milliseconds'
       FROM unnest($2::bytea[]) WITH ORDINALITY AS u(bytes, seq)`,
    [workspaceId, updates.map((update) => Buffer.from(update))],
  );
  return { text: text.toString() };
}
