import { LINEAGE_SUBPROTOCOL, readTree, RoomSession, type TreeFile } from '@lineage/collab';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

/** A client that comes and goes, ours or a stock one, with the document that it keeps meanwhile. */
export type WanderingClient = {
  readonly name: string;
  readonly isStock: boolean;
  readonly doc: Y.Doc;
  /** Joins the room at the address where the server is now. */
  join(url: string, workspaceId: string): void;
  leave(): void;
  readonly isSynced: boolean;
  /** Every edit of this document is durable, by what the server said; never known of a stock client. */
  readonly isSaved: boolean;
  readonly tree: TreeFile[];
  /** The server will not take what this document has: the client begins with an empty one. */
  readonly refusals: number;
};

type Cookie = () => string;

export function ownClient(name: string, cookie: Cookie): WanderingClient {
  let socket: WebSocket | null = null;
  let session = newSession();
  let refusals = 0;
  let again: (() => void) | null = null;

  function newSession(): RoomSession {
    return new RoomSession(new Y.Doc(), {
      changed: () => undefined,
      refused: () => startAfresh(),
      epochChanged: () => startAfresh(),
    });
  }
  function startAfresh(): void {
    refusals += 1;
    session.destroy();
    session = newSession();
    drop();
    again?.();
  }
  function drop(): void {
    socket?.removeAllListeners();
    socket?.on('error', () => undefined);
    socket?.terminate();
    socket = null;
    session.closed();
  }
  return {
    name,
    isStock: false,
    get doc() {
      return session.doc;
    },
    join(url, workspaceId) {
      again = () => {
        const mine = new WebSocket(
          `${url.replace('http', 'ws')}/collab/${workspaceId}`,
          [LINEAGE_SUBPROTOCOL],
          {
            headers: { cookie: cookie() },
          },
        );
        socket = mine;
        mine.on('error', () => undefined);
        mine.on('open', () => session.opened((bytes) => mine.send(bytes)));
        mine.on('message', (data: Buffer) => session.receive(new Uint8Array(data)));
        mine.on('close', (code) => {
          if (socket !== mine) return;
          if (code >= 4400 && code < 4500) return startAfresh();
          session.closed();
          again?.();
        });
      };
      again();
    },
    leave() {
      again = null;
      drop();
    },
    get isSynced() {
      return session.state.synced;
    },
    get isSaved() {
      return session.state.synced && session.state.saved;
    },
    get tree() {
      return readTree(session.doc);
    },
    get refusals() {
      return refusals;
    },
  };
}

/** The unchanged y-websocket client; whoever uses it has to begin afresh when the server sends it away for good. */
export function stockWanderer(name: string, cookie: Cookie): WanderingClient {
  let doc = new Y.Doc();
  let provider: WebsocketProvider | null = null;
  let refusals = 0;

  function join(url: string, workspaceId: string): void {
    class ScriptSocket extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols, { headers: { cookie: cookie() } });
        this.on('close', (code) => {
          if (code < 4400 || code >= 4500 || provider !== mine) return;
          refusals += 1;
          provider.destroy();
          doc = new Y.Doc();
          join(url, workspaceId);
        });
      }
    }
    const mine = new WebsocketProvider(`${url.replace('http', 'ws')}/collab`, workspaceId, doc, {
      WebSocketPolyfill: ScriptSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
      maxBackoffTime: 50,
    });
    provider = mine;
  }
  return {
    name,
    isStock: true,
    get doc() {
      return doc;
    },
    join,
    leave() {
      provider?.destroy();
      provider = null;
    },
    get isSynced() {
      return provider?.synced === true;
    },
    isSaved: false,
    get tree() {
      return readTree(doc);
    },
    get refusals() {
      return refusals;
    },
  };
}
