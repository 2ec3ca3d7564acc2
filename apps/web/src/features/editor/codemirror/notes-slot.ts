import { Compartment, type Extension } from '@codemirror/state';
import { EditorView, gutter } from '@codemirror/view';

/** What is said about a line; `column` counts from 1. */
export type LineNote = {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** `vet` warns; everything else keeps the program from being built. */
  readonly source: string;
  readonly rule?: string | undefined;
};

/** Where the gutter of notes goes. Until the first note it is an empty one of the same width, so that no text moves. */
export const notesSlot = new Compartment();
export const noNotes = (): Extension =>
  notesSlot.of([
    gutter({ class: 'cm-gutter-lint' }),
    EditorView.baseTheme({ '.cm-gutter-lint': { width: '1.4em' } }),
  ]);
