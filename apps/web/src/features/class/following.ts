import { useSyncExternalStore } from 'react';

/** Class sessions whose step this person does not follow now. Following is the default; leaving is never punished. */
let left: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function setFollowing(classSessionId: string, following: boolean): void {
  if (left.has(classSessionId) !== following) return;
  const next = new Set(left);
  if (following) next.delete(classSessionId);
  else next.add(classSessionId);
  left = next;
  for (const listener of listeners) listener();
}

export function useFollowing(classSessionId: string): boolean {
  return !useSyncExternalStore(subscribe, () => left).has(classSessionId);
}
