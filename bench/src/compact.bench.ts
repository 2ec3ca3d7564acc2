// Opens a document whose log has 40,000 edits and no stored state, then waits until it is compacted.
import { listFiles } from '@lineage/collab';
import type pg from 'pg';
import * as Y from 'yjs';
import { ownRow } from './report/report.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { connectTo, startDatabase } from './system/database.ts';
import { ask, type Person, signInPair } from './system/person.ts';
import { enterRoom } from './system/room-client.ts';
import { openFirst } from './system/workspaces.ts';

const EDITS = 40_000;
const DOCUMENTS = 5;
const TARGET_MS = 500;
const COMPACTED_DEADLINE_MS = 60_000;

type Opened = { readonly openMs: number; readonly compactMs: number; readonly seenMs: number };

async function measure({ system, atEnd, say }: Bench): Promise<Measured> {
  const edits = numberFlag('edits', EDITS);
  const database = await startDatabase(atEnd);
  const { url } = await system({ DATABASE_URL: database.url });
  const db = await connectTo(database, atEnd);
  const [person] = await signInPair(url);
  const origin = await openFirst(person);
  const measured: Opened[] = [];
  for (let nth = 1; nth <= DOCUMENTS; nth++) {
    const { id } = await ask(person, 'branchWorkspace', { workspaceId: origin.id }, { epoch: 1, seq: 0 });
    await writeLog(db, id, edits);
    measured.push(await openAndCompact(person, db, id, edits));
    const { openMs, compactMs } = measured.at(-1) ?? { openMs: 0, compactMs: 0 };
    say(`document ${nth} of ${DOCUMENTS}: open ${openMs.toFixed(0)} ms, compact ${compactMs.toFixed(0)} ms`);
  }
  const row = (name: string, of: (opened: Opened) => number) => ownRow(name, 'ms', measured.map(of));
  return {
    rows: [
      {
        ...row('open and compact', ({ openMs, compactMs }) => openMs + compactMs),
        target: { of: 'median', atMost: TARGET_MS },
      },
      row('open: handshake to the whole document at the client', ({ openMs }) => openMs),
      row('compact: what is left of it after an edit was acknowledged', ({ compactMs }) => compactMs),
      row('look back: the document at the middle, with the edits after it', ({ seenMs }) => seenMs),
    ],
    notes: [
      `Each of ${DOCUMENTS} documents has a log of ${edits} edits, written as rows: words typed at the end of one file, every fifth edit taking three letters back. Nothing was stored of it but the template.`,
      'The clock of opening starts before the handshake. A log of this length is replayed by a worker, which stores the state that the room is loaded from; so the document is compacted when it is open. The second clock starts when an edit of the client was acknowledged and ends when the stored state is found, looked for without a pause.',
      'Looking back is one HTTP request after that, with the states that compaction left behind.',
    ],
  };
}

async function writeLog(db: pg.Client, id: string, edits: number): Promise<void> {
  const { rows } = await db.query<{ state: Buffer }>(
    'SELECT state FROM workspace_template WHERE workspace_id = $1',
    [id],
  );
  const doc = new Y.Doc();
  Y.applyUpdate(doc, rows[0]?.state ?? new Uint8Array());
  const text = listFiles(doc)[0]?.text;
  if (text === undefined) throw new Error('the template has no file');
  const updates: Buffer[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(Buffer.from(update)));
  for (let n = 0; updates.length < edits; n++) {
    if (n % 5 === 4) text.delete(text.length - 3, 3);
    else text.insert(text.length, n % 40 === 39 ? '\n// ' : `w${n % 10}`);
  }
  await db.query(
    `INSERT INTO room_update (workspace_id, epoch, seq, account_id, "update", at)
     SELECT $1, 1, u.seq, 'somebody', u.bytes, now() FROM unnest($2::bytea[]) WITH ORDINALITY AS u(bytes, seq)`,
    [id, updates],
  );
}

async function openAndCompact(person: Person, db: pg.Client, id: string, edits: number): Promise<Opened> {
  const startedAt = performance.now();
  const client = await enterRoom(person, id);
  const openMs = performance.now() - startedAt;
  const text = listFiles(client.doc)[0]?.text;
  text?.insert(0, '// the next edit\n');
  await client.until(({ saved }) => saved);
  const savedAt = performance.now();
  for (let stored = false; !stored;) {
    const { rowCount } = await db.query('SELECT FROM room_snapshot WHERE workspace_id = $1 AND seq >= $2', [
      id,
      edits,
    ]);
    stored = (rowCount ?? 0) > 0;
    if (performance.now() - savedAt > COMPACTED_DEADLINE_MS)
      throw new Error('the document was not compacted');
  }
  const compactMs = performance.now() - savedAt;
  client.leave();
  const lookedAt = performance.now();
  const answer = await fetch(
    `${person.url}/api/workspaces/${id}/history/1/edits?from=${Math.floor(edits / 2)}`,
    { headers: { cookie: person.cookie } },
  );
  if (!answer.ok) throw new Error(`looking back answered ${answer.status}`);
  await answer.arrayBuffer();
  return { openMs, compactMs, seenMs: performance.now() - lookedAt };
}

await runBench('compact', measure);
