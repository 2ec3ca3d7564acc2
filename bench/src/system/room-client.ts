import { LINEAGE_SUBPROTOCOL, listFiles, RoomSession, type SessionState } from '@lineage/collab';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Person } from './person.ts';

/** A person's copy of a workspace, as the editor holds it, with a socket that does not come back by itself. */
export type RoomClient = {
  readonly doc: Y.Doc;
  readonly state: SessionState;
  /** Puts `text` in place of everything that `path` holds. */
  write(path: string, text: string): void;
  /** Resolves when `holds` is true of the state. @throws Error when the room is lost before */
  until(holds: (state: SessionState) => boolean): Promise<void>;
  leave(): void;
};

/** Opens a socket to a workspace's room with the login cookie. */
export const roomSocket = (person: Person, workspaceId: string): WebSocket =>
  new WebSocket(`${person.url.replace(/^http/, 'ws')}/collab/${workspaceId}`, [LINEAGE_SUBPROTOCOL], {
    headers: { cookie: person.cookie },
    perMessageDeflate: false,
  });

/** Enters a room; resolves when the whole document is here. */
export async function enterRoom(person: Person, workspaceId: string): Promise<RoomClient> {
  const doc = new Y.Doc();
  const socket = roomSocket(person, workspaceId);
  const waiting = new Set<() => void>();
  let lost: Error | null = null;
  const tell = (): void => [...waiting].forEach((check) => check());
  const lose = (why: string): void => {
    lost ??= new Error(`the room was lost: ${why}`);
    tell();
  };
  const session = new RoomSession(doc, { changed: tell, refused: lose, epochChanged: () => lose('reset') });
  socket.on('open', () => session.opened((bytes) => socket.send(bytes)));
  socket.on('message', (data: Buffer) => session.receive(data));
  socket.on('error', (error) => lose(error.message));
  socket.on('close', (code, reason) => lose(`closed with ${code} ${reason.toString()}`));
  const client: RoomClient = {
    doc,
    get state() {
      return session.state;
    },
    write(path, text) {
      const file = listFiles(doc).find((one) => one.path === path);
      if (file === undefined) throw new Error(`there is no ${path}`);
      doc.transact(() => {
        file.text.delete(0, file.text.length);
        file.text.insert(0, text);
      });
    },
    until: (holds) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (lost === null && !holds(session.state)) return;
          waiting.delete(check);
          if (lost === null) resolve();
          else reject(lost);
        };
        waiting.add(check);
        check();
      }),
    leave() {
      session.destroy();
      socket.close();
    },
  };
  await client.until(({ synced, epoch }) => synced && epoch !== null);
  return client;
}
