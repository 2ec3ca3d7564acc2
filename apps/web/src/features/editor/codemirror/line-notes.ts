import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import type { EditorState } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { notesSlot, type LineNote } from './notes-slot.ts';

/** Marks what the compiler and vet said, in the gutter and under the text; loaded with the first note. */
export function showNotes(view: EditorView, notes: readonly LineNote[]): void {
  view.dispatch({ effects: notesSlot.reconfigure(lintGutter()) });
  view.dispatch(setDiagnostics(view.state, notesIn(view.state, notes)));
}

/** A note of an older text may name a line that is no more: then it stands at the end. */
function notesIn({ doc }: EditorState, notes: readonly LineNote[]): Diagnostic[] {
  return notes.map(({ line, column, message, source, rule }) => {
    const { from, to } = doc.line(Math.max(1, Math.min(line, doc.lines)));
    return {
      from: Math.min(from + Math.max(0, column - 1), to),
      to,
      severity: source === 'vet' ? 'warning' : 'error',
      message: rule === undefined ? message : `${message} (${source}: ${rule})`,
    };
  });
}
