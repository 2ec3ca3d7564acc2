import { useSyncExternalStore } from 'react';

/** `idle` before anything is watched; `refused` when the server does not accept this login. */
export type ConnectionState =
  | { readonly phase: 'idle' | 'connecting' | 'connected' | 'refused' }
  | { readonly phase: 'reconnecting'; readonly attempt: number; readonly nextTryAt: number };

/** What can be done with the socket of this tab, once there is one. */
export type ConnectionControls = { readonly retryNow: () => void; readonly close: () => void };

let state: ConnectionState = { phase: 'idle' };
let controls: ConnectionControls | null = null;
const listeners = new Set<() => void>();

/** For the socket alone: says how it is. */
export function becomeConnection(next: ConnectionState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** For the socket alone: hands over its controls, so that the frame needs not load the socket's code. */
export function registerConnection(given: ConnectionControls | null): void {
  controls = given;
}

/** Tries to connect at once, as when the person asks for it. */
export const retryNow = (): void => controls?.retryNow();

/** Ends the connection and forgets it, as at sign-out: the next who needs one opens it as who they are then. */
export const closeSocket = (): void => controls?.close();

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether what is on the screen is live. */
export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(subscribe, () => state);
}
