import { closeCodes, type CloseReason } from '@lineage/collab';
import type { RawData, WebSocket } from 'ws';
import { PING_EVERY_MS } from './room-limits.ts';
import { closes, openSockets } from './room-metrics.ts';
import { closeSocket } from './room-socket.ts';

/** Attends to an admitted socket until it is closed. It is not read from before `ws.resume()`. */
export function attend(
  ws: WebSocket,
  ends: { readonly received: (bytes: Uint8Array) => void; readonly closed: () => void },
): void {
  openSockets.inc();
  const stopPinging = keepAlive(ws);
  ws.on('message', (data) => ends.received(toBytes(data)));
  ws.once('close', () => {
    stopPinging();
    openSockets.dec();
    ends.closed();
  });
}

/** Closes a socket with the reason and its sentence. */
export function refuse(ws: WebSocket, reason: CloseReason): void {
  closes.inc({ reason });
  const { code, sentence } = closeCodes[reason];
  closeSocket(ws, code, sentence);
}

/** Ends a socket that does not answer; one that we do not read from cannot. */
function keepAlive(ws: WebSocket): () => void {
  let answered = true;
  ws.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered && !ws.isPaused) return ws.terminate();
    answered = ws.isPaused;
    ws.ping();
  }, PING_EVERY_MS).unref();
  return () => clearInterval(timer);
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
