import { withSearch, type SearchChange } from './address.ts';

/** Where the browser is; a new object for each move. */
export type Place = { readonly pathname: string; readonly search: string };

const listeners = new Set<() => void>();
let current: Place = read();

function read(): Place {
  // Vitest has no window, and reads no place either.
  if (typeof location === 'undefined') return { pathname: '/', search: '' };
  return { pathname: location.pathname, search: location.search };
}

function moved(): void {
  current = read();
  for (const listener of listeners) listener();
}

/** Follows the browser's back and forward; called once. */
export function startNavigation(): void {
  window.addEventListener('popstate', moved);
}

export const currentPlace = (): Place => current;

export function subscribeToPlace(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes to an address of this client. `replace` leaves no step to come back to. */
export function navigate(href: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  moved();
}

/** Changes the query of the address one is at. */
export function changeSearch(change: SearchChange, options: { replace?: boolean } = {}): void {
  navigate(withSearch(current.pathname, current.search, change), options);
}
