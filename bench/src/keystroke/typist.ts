import type { WebSocket } from 'ws';
import { type LatencyLog } from './latency-log.ts';

/** One connection that types: edits go out on a clock, whether or not earlier ones were acknowledged. */
export interface Typist {
  /** Sends one keystroke. */
  type(): void;
  readonly log: LatencyLog;
  close(): void;
}

/** Waits for a socket to open. @throws Error when it closes instead */
export function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`the socket was closed with ${code}`)));
  });
}
