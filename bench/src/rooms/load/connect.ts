import { WebSocket } from 'ws';
import { greet, type Place } from './protocols.ts';

/** Handshakes of one process that are under way at once. */
const AT_ONCE = 20;

export type Connected = { readonly socket: WebSocket; readonly state: Uint8Array };

/** Opens a socket and greets; resolves when the document is there. @throws Error when it is closed before */
export function connect(place: Place): Promise<Connected> {
  const socket = new WebSocket(place.url, [...place.subprotocols], { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code, reason) =>
      reject(new Error(`${place.dialect} closed the socket with ${code} ${reason.toString()}`)),
    );
    socket.once('open', () => void greet(socket, place).then((state) => resolve({ socket, state })));
  });
}

/** The same for many, a few at once. */
export async function connectAll(places: readonly Place[]): Promise<Connected[]> {
  const connected: Connected[] = [];
  const left = places.values();
  const work = async (): Promise<void> => {
    for (const place of left) connected.push(await connect(place));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return connected;
}
