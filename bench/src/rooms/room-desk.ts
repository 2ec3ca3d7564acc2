import { serverPid } from '@lineage/system';
import type pg from 'pg';
import type { Bench } from '../run-bench.ts';
import { connectTo, type Database, startDatabase } from '../system/database.ts';
import { signInPair } from '../system/person.ts';
import { openFirst } from '../system/workspaces.ts';
import { lineageSubprotocols, type Place } from './load/protocols.ts';
import { addGuests, type Guest } from './people.ts';
import { familyCpuMs } from '../system/process-cost.ts';
import type { Served } from './served.ts';

/** A Lineage whose database the benchmark can reach, and a workspace of the demo in it. */
export type RoomDesk = {
  readonly url: string;
  readonly launcherPid: number;
  readonly database: Database;
  readonly db: pg.Client;
  readonly workspaceId: string;
  /** Processor time that PostgreSQL used so far, for everybody. */
  readonly databaseCpuMs: () => number;
  /** One learner, who may write, and `readers` assistants of the class, who look on. */
  serve(readers: number): Promise<Served>;
};

export async function openRoomDesk(
  { system, atEnd }: Bench,
  env: Readonly<Record<string, string>> = {},
): Promise<RoomDesk> {
  const database = await startDatabase(atEnd);
  const { url, pid: launcherPid } = await system({ ...env, DATABASE_URL: database.url });
  const db = await connectTo(database, atEnd);
  const [person] = await signInPair(url);
  const { id: workspaceId } = await openFirst(person);
  return {
    ...{ url, launcherPid, database, db, workspaceId },
    databaseCpuMs: () => familyCpuMs(database.pid),
    async serve(readers) {
      const writers = await addGuests(db, workspaceId, 'learner', 1);
      const others = await addGuests(db, workspaceId, 'assistant', readers);
      const places = [...writers, ...others].map((guest) => placeOf(url, workspaceId, guest));
      return {
        name: 'lineage',
        pids: () => [serverPid(launcherPid)],
        places: (count) => {
          if (count > places.length) throw new RangeError('more places than people');
          return places.slice(0, count);
        },
      };
    },
  };
}

/** Where a guest sits down in a workspace. */
export const placeOf = (url: string, workspaceId: string, { ticket }: Guest): Place => ({
  dialect: 'lineage',
  url: `${url.replace(/^http/, 'ws')}/collab/${workspaceId}`,
  subprotocols: lineageSubprotocols(ticket),
  document: workspaceId,
});
