import type { ClientToServerEvents, ServerToClientEvents } from '@lineage/contracts';
import { useSyncExternalStore } from 'react';
import { io, type Socket } from 'socket.io-client';
import { reconnectDelayMs } from './reconnect-delay.ts';

export type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** `idle` before anything is watched; `refused` when the server does not accept this login. */
export type ConnectionState =
  | { readonly phase: 'idle' | 'connecting' | 'connected' | 'refused' }
  | { readonly phase: 'reconnecting'; readonly attempt: number; readonly nextTryAt: number };

let socket: LiveSocket | null = null;
let state: ConnectionState = { phase: 'idle' };
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

function become(next: ConnectionState): void {
  state = next;
  for (const listener of listeners) listener();
}

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
    become({ phase: 'connected' });
  });
  made.on('connect_error', (error) => {
    // `active` is false when the server said no, as opposed to not being there.
    if (error.message === 'unauthenticated') become({ phase: 'refused' });
    else retryLater(made);
  });
  made.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') retryLater(made);
  });
  window.addEventListener('online', () => retryNow());
  become({ phase: 'connecting' });
  made.connect();
  return made;
}

function retryLater(target: LiveSocket): void {
  attempt += 1;
  const waitMs = reconnectDelayMs(attempt, Math.random());
  become({ phase: 'reconnecting', attempt, nextTryAt: Date.now() + waitMs });
  if (timer !== null) clearTimeout(timer);
  timer = setTimeout(() => target.connect(), waitMs);
}

/** Tries to connect at once, as when the person asks for it. */
export function retryNow(): void {
  if (socket === null || socket.connected) return;
  if (timer !== null) clearTimeout(timer);
  socket.connect();
}

/** Ends the connection and forgets it, as at sign-out: the next who needs one opens it as who they are then. */
export function closeSocket(): void {
  if (timer !== null) clearTimeout(timer);
  socket?.disconnect();
  socket = null;
  attempt = 0;
  become({ phase: 'idle' });
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether what is on the screen is live. */
export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(subscribe, () => state);
}
