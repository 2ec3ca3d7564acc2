import { useSyncExternalStore } from 'react';

const KEY = 'lineage.cursors.hidden';
const listeners = new Set<() => void>();

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether this person wants to read without others' carets and names; kept in this browser. */
export const useCursorsHidden = (): boolean =>
  useSyncExternalStore(subscribe, () => localStorage.getItem(KEY) === 'true');

export function hideCursors(hidden: boolean): void {
  localStorage.setItem(KEY, String(hidden));
  for (const listener of listeners) listener();
}
