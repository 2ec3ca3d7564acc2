import { useEffect, useSyncExternalStore } from 'react';

/** Where a person was last on this machine, so that they can go on from there. */
export type LastPlace = {
  readonly workspaceId?: string;
  readonly workspaceTitle?: string;
  readonly classSessionId?: string;
};

const nowhere: LastPlace = {};
const listeners = new Set<() => void>();
const kept = new Map<string, LastPlace>();
const keyOf = (accountId: string): string => `lineage.last.${accountId}`;

function read(accountId: string): LastPlace {
  const known = kept.get(accountId);
  if (known !== undefined) return known;
  const place = parse(localStorage.getItem(keyOf(accountId)));
  kept.set(accountId, place);
  return place;
}

function parse(text: string | null): LastPlace {
  if (text === null) return nowhere;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : nowhere;
  } catch {
    // Not ours, or of another version: nothing is lost by starting afresh.
    localStorage.removeItem('lineage.last');
    return nowhere;
  }
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useLastPlace(accountId: string): LastPlace {
  return useSyncExternalStore(subscribe, () => read(accountId));
}

/** Remembers that the person is here. */
export function useRememberPlace(accountId: string | undefined, place: LastPlace): void {
  const text = JSON.stringify(place);
  useEffect(() => {
    if (accountId === undefined) return;
    const next = { ...read(accountId), ...parse(text) };
    kept.set(accountId, next);
    localStorage.setItem(keyOf(accountId), JSON.stringify(next));
    for (const listener of listeners) listener();
  }, [accountId, text]);
}

/** Forgets a workspace that turned out to be gone or closed to this person. */
export function forgetWorkspace(accountId: string): void {
  const { workspaceId: _id, workspaceTitle: _title, ...rest } = read(accountId);
  kept.set(accountId, rest);
  localStorage.setItem(keyOf(accountId), JSON.stringify(rest));
  for (const listener of listeners) listener();
}
