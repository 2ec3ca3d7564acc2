/** Where one was in a file whose document was replaced: an index into another text is better than its beginning. */
type Place = { readonly head: number; readonly hadFocus: boolean; readonly leftAt: number };

/** Longer than it takes to load the document anew, shorter than it takes to begin something else. */
const SAME_MOMENT_MS = 5_000;

const places = new Map<string, Place>();

/** `file` has to name the file among all workspaces. */
export function keepPlace(file: string, head: number, hadFocus: boolean, now = Date.now()): void {
  places.set(file, { head, hadFocus, leftAt: now });
}

/** Null when one left the file some time ago, or never was in it. */
export function placeKept(file: string, now = Date.now()): Omit<Place, 'leftAt'> | null {
  const place = places.get(file);
  return place === undefined || now - place.leftAt > SAME_MOMENT_MS ? null : place;
}
