import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { type EditorView, keymap } from '@codemirror/view';

/** Search with its panel, loaded by the first key that wants it. */
export const searching: Extension = [
  search({ top: true }),
  highlightSelectionMatches(),
  keymap.of(searchKeymap),
];

/** Does what `key` of CodeMirror's search keys does. */
export function pressSearchKey(view: EditorView, key: string, shift: boolean): void {
  const binding = searchKeymap.find((known) => known.key === key);
  (shift ? binding?.shift : binding?.run)?.(view);
}
