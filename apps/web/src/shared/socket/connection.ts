import type { ClientToServerEvents, ServerToClientEvents } from '@lineage/contracts';
import { io, type Socket } from 'socket.io-client';
import { becomeConnection, registerConnection } from './connection-state.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';

export type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

let socket: LiveSocket | null = null;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | null = null;

/** The one socket of this tab; opened by the first who needs it. */
export function liveSocket(): LiveSocket {
  socket ??= open();
  return socket;
}

function open(): LiveSocket {
  // Its own reconnection is off: the wait is ours, so that it can be told in seconds.
  const made: LiveSocket = io({
    path: '/socket.io',
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
  });
  made.on('connect', () => {
    attempt = 0;
    becomeConnection({ phase: 'connected' });
  });
  made.on('connect_error', (error) => {
    if (error.message === 'unauthenticated') becomeConnection({ phase: 'refused' });
    else retryLater(made);
  });
  made.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') retryLater(made);
  });
  window.addEventListener('online', retryNow);
  registerConnection({ retryNow, close });
  becomeConnection({ phase: 'connecting' });
  made.connect();
  return made;
}

function retryLater(target: LiveSocket): void {
  // A socket that was given up still reports its end.
  if (target !== socket) return;
  attempt += 1;
  const waitMs = reconnectDelayMs(attempt, Math.random());
  becomeConnection({ phase: 'reconnecting', attempt, nextTryAt: Date.now() + waitMs });
  if (timer !== null) clearTimeout(timer);
  timer = setTimeout(() => target.connect(), waitMs);
}

function retryNow(): void {
  if (socket === null || socket.connected) return;
  if (timer !== null) clearTimeout(timer);
  socket.connect();
}

function close(): void {
  if (timer !== null) clearTimeout(timer);
  window.removeEventListener('online', retryNow);
  const closing = socket;
  socket = null;
  attempt = 0;
  closing?.disconnect();
  registerConnection(null);
  becomeConnection({ phase: 'idle' });
}
