import { decodeFrame, encodeFrame, LINEAGE_SUBPROTOCOL, MAX_SERVER_FRAME_BYTES } from '@lineage/collab';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { WebSocket } from 'ws';
import * as Y from 'yjs';

/** How a server is spoken to. `relay` has no protocol: what comes in goes out. */
export type Dialect = 'lineage' | 'y-websocket' | 'hocuspocus' | 'relay';

/** One socket that is to be opened: at which address, with which subprotocols, to which document. */
export type Place = {
  readonly dialect: Dialect;
  readonly url: string;
  readonly subprotocols: readonly string[];
  readonly document: string;
};

/** `MessageType` of @hocuspocus/server 4.7; each message begins with the document's name. */
const hocuspocusMessages = { sync: 0, awareness: 1, auth: 2 } as const;
const sync = { step1: 0, step2: 1, update: 2 } as const;
const AUTH_TOKEN = 0;

export const lineageSubprotocols = (ticket: string): readonly string[] => [LINEAGE_SUBPROTOCOL, ticket];

/** A message of one edit. */
export function encodeEdit({ dialect, document }: Place, update: Uint8Array): Uint8Array {
  if (dialect !== 'hocuspocus') return encodeFrame({ type: 'update', update });
  return hocuspocus(document, hocuspocusMessages.sync, (to) => {
    encoding.writeVarUint(to, sync.update);
    encoding.writeVarUint8Array(to, update);
  });
}

/** A message of one's own presence. */
export function encodePresenceMessage({ dialect, document }: Place, awareness: Uint8Array): Uint8Array {
  if (dialect === 'hocuspocus')
    return hocuspocus(document, hocuspocusMessages.awareness, (to) =>
      encoding.writeVarUint8Array(to, awareness),
    );
  const to = encoding.createEncoder();
  encoding.writeVarUint(to, 1);
  encoding.writeVarUint8Array(to, awareness);
  return encoding.toUint8Array(to);
}

/**
 * Says to an open socket what a client says first, and answers what it has to. Resolves with the document's first state,
 * as soon as the server gave it; the socket's later messages are for whoever listens.
 */
export function greet(socket: WebSocket, place: Place): Promise<Uint8Array> {
  if (place.dialect === 'relay') return Promise.resolve(emptyUpdate());
  return place.dialect === 'hocuspocus' ? greetHocuspocus(socket, place) : greetYWebsocket(socket);
}

const emptyUpdate = (): Uint8Array => Y.encodeStateAsUpdate(new Y.Doc());
const emptyVector = (): Uint8Array => Y.encodeStateVector(new Y.Doc());

function greetYWebsocket(socket: WebSocket): Promise<Uint8Array> {
  return new Promise((resolve) => {
    socket.send(encodeFrame({ type: 'sync-step-1', stateVector: emptyVector() }));
    let answered = false;
    let state: Uint8Array | null = null;
    const read = (data: Buffer): void => {
      const frame = decodeFrame(data, MAX_SERVER_FRAME_BYTES);
      if (frame?.type === 'sync-step-1') {
        answered = true;
        socket.send(encodeFrame({ type: 'sync-step-2', update: emptyUpdate() }));
      } else if (frame?.type === 'sync-step-2') state = frame.update;
      if (!answered || state === null) return;
      socket.off('message', read);
      resolve(state);
    };
    socket.on('message', read);
  });
}

function greetHocuspocus(socket: WebSocket, { document }: Place): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const say = (type: number, write: (to: encoding.Encoder) => void): void =>
      socket.send(hocuspocus(document, type, write));
    const read = (data: Buffer): void => {
      const from = decoding.createDecoder(data);
      decoding.readVarString(from);
      const type = decoding.readVarUint(from);
      if (type === hocuspocusMessages.auth) {
        say(hocuspocusMessages.sync, (to) => {
          encoding.writeVarUint(to, sync.step1);
          encoding.writeVarUint8Array(to, emptyVector());
        });
      } else if (type === hocuspocusMessages.sync && decoding.readVarUint(from) === sync.step2) {
        socket.off('message', read);
        resolve(decoding.readVarUint8Array(from));
      }
    };
    socket.on('message', read);
    say(hocuspocusMessages.auth, (to) => {
      encoding.writeVarUint(to, AUTH_TOKEN);
      encoding.writeVarString(to, '');
    });
  });
}

function hocuspocus(document: string, type: number, write: (to: encoding.Encoder) => void): Uint8Array {
  const to = encoding.createEncoder();
  encoding.writeVarString(to, document);
  encoding.writeVarUint(to, type);
  write(to);
  return encoding.toUint8Array(to);
}
