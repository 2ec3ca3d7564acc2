import { ChangeSet } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { minimalChanges } from '../../../shared/text/minimal-changes.ts';

/**
 * Makes the editor's text what a formatter made of `before`, in as few places as it can: carets, one's own and the
 * others', stay at the letters where they were. What was typed since is kept; its own blanks wait for the next time.
 * False when nothing had to change.
 */
export function applyFormatted(view: EditorView, before: string, formatted: string): boolean {
  const wanted = ChangeSet.of(minimalChanges(before, formatted), before.length);
  const typed = ChangeSet.of(minimalChanges(before, view.state.doc.toString()), before.length);
  const changes = wanted.map(typed);
  if (changes.empty) return false;
  view.dispatch({ changes, userEvent: 'input.format' });
  return true;
}
