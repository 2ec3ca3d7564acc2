// @hocuspocus/server 4.7 that stores to the PostgreSQL of DATABASE_URL, as often as it does by itself. Says its port.
import { Server } from '@hocuspocus/server';
import pg from 'pg';
import * as Y from 'yjs';

const db = new pg.Pool({ connectionString: process.env['DATABASE_URL'] });
await db.query(
  'CREATE TABLE IF NOT EXISTS hocuspocus_document (name text PRIMARY KEY, state bytea NOT NULL)',
);
const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  async onLoadDocument({ document, documentName }) {
    const { rows } = await db.query<{ state: Buffer }>(
      'SELECT state FROM hocuspocus_document WHERE name = $1',
      [documentName],
    );
    if (rows[0] !== undefined) Y.applyUpdate(document, rows[0].state);
    return document;
  },
  async onStoreDocument({ document, documentName }) {
    await db.query(
      'INSERT INTO hocuspocus_document (name, state) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET state = excluded.state',
      [documentName, Buffer.from(Y.encodeStateAsUpdate(document))],
    );
  },
});
await server.listen();
process.send?.({ port: server.address.port });
process.once('disconnect', () => process.exit());
