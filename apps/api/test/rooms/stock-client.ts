import { listFiles } from '@lineage/collab';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

export type StockClient = {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** Codes of every close that the server sent. */
  readonly closed: number[];
  text(path: string): string;
  /** Types at the end of a file. */
  type(path: string, what: string): void;
};

/** The unchanged y-websocket client, as a script would use it: by cookie header or by a ticket's subprotocol. */
export function stockClient(
  url: string,
  workspaceId: string,
  proof: { cookie: string } | { subprotocol: string } | null,
): StockClient {
  const doc = new Y.Doc();
  const closed: number[] = [];
  const headers = proof !== null && 'cookie' in proof ? { cookie: proof.cookie } : {};
  class ScriptSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers });
      this.on('close', (code) => closed.push(code));
    }
  }
  const provider = new WebsocketProvider(`${url.replace('http', 'ws')}/collab`, workspaceId, doc, {
    WebSocketPolyfill: ScriptSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    protocols: proof !== null && 'subprotocol' in proof ? [proof.subprotocol] : [],
  });
  const fileAt = (path: string): Y.Text => {
    const file = listFiles(doc).find((entry) => entry.path === path);
    if (file === undefined) throw new Error(`there is no ${path}`);
    return file.text;
  };
  return {
    doc,
    provider,
    closed,
    text: (path) => fileAt(path).toString(),
    type: (path, what) => fileAt(path).insert(fileAt(path).length, what),
  };
}
