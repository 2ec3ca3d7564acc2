import { useSyncExternalStore } from 'react';

/** Where the caret is in the editor; as a store, so that a keystroke renders only what shows it. */
export type CaretLine = { readonly file: string; readonly line: number };

let caret: CaretLine | null = null;
const listeners = new Set<() => void>();

/** For the page: the caret is on this line now. */
export function tellCaretLine({ file, line }: CaretLine): void {
  if (caret?.file === file && caret.line === line) return;
  caret = { file, line };
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The caret's line; null before there was one. */
export const useCaretLine = (): CaretLine | null => useSyncExternalStore(subscribe, () => caret);
