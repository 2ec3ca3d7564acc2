import { useSyncExternalStore } from 'react';

/** Whom the page follows. Paused: one acted oneself, and one key goes back. */
export type Following = { readonly accountId: string; readonly isPaused: boolean };

let following: Following | null = null;
const listeners = new Set<() => void>();

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

function set(next: Following | null): void {
  if (next?.accountId === following?.accountId && next?.isPaused === following?.isPaused) return;
  following = next;
  for (const listener of listeners) listener();
}

/** Follows an account, from now on; null follows nobody. */
export const follow = (accountId: string | null): void =>
  set(accountId === null ? null : { accountId, isPaused: false });

/** The leash: whoever types, moves the caret, scrolls or opens another file is left alone until they want to go back. */
export function pauseFollowing(): void {
  if (following !== null) set({ ...following, isPaused: true });
}

export function resumeFollowing(): void {
  if (following !== null) set({ ...following, isPaused: false });
}

export const useFollowing = (): Following | null => useSyncExternalStore(subscribe, () => following);

/** The account that takes the page along at this moment. */
export const followedNow = (): string | null =>
  following === null || following.isPaused ? null : following.accountId;
