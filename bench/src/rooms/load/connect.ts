import { WebSocket } from 'ws';
import { greet, type Place } from './protocols.ts';

/** Handshakes of one process that are under way at once, where it is not the handshakes that are measured. */
const AT_ONCE = 20;

/** As the editor comes back: anywhere between now and a bound that doubles to 8 s. */
const FIRST_MS = 250;
const CAP_MS = 8_000;

export type Connected = { readonly place: Place; readonly socket: WebSocket; readonly state: Uint8Array };

/** Opens a socket and greets; resolves when the document is there. @throws Error when it is closed before */
export function connect(place: Place): Promise<Connected> {
  const socket = new WebSocket(place.url, [...place.subprotocols], { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code, reason) =>
      reject(new Error(`${place.dialect} closed the socket with ${code} ${reason.toString()}`)),
    );
    socket.once('open', () => void greet(socket, place).then((state) => resolve({ place, socket, state })));
  });
}

/** The same, for as long as it takes; `tries` counts. */
export async function connectAnyhow(place: Place): Promise<Connected & { readonly tries: number }> {
  for (let tries = 1; ; tries++) {
    const connected = await connect(place).catch(() => null);
    if (connected !== null) return { ...connected, tries };
    await waitToComeBack(tries);
  }
}

export const waitToComeBack = (attempt: number): Promise<void> =>
  new Promise((resolve) =>
    setTimeout(resolve, Math.random() * Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 10))),
  );

/** The same for many, in their order, a few at once. */
export async function connectAll(places: readonly Place[]): Promise<Connected[]> {
  const connected: Connected[] = [];
  const left = places.entries();
  const work = async (): Promise<void> => {
    for (const [nth, place] of left) connected[nth] = await connect(place);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return connected;
}
