import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { goLanguage } from '@codemirror/lang-go';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  rectangularSelection,
} from '@codemirror/view';
import type * as Y from 'yjs';
import { pageNonce } from '../../../shared/theme/index.ts';
import { editorTheme } from '../../../shared/code/editor-theme.ts';
import { lineMarks } from './line-marks.ts';
import { noNotes } from './notes-slot.ts';
import { noOthers } from './others-slot.ts';
import { pointingNumbers } from './pointing.ts';
import { searchOnUse } from './search-on-use.ts';
import { sizeLimit } from './size-limit.ts';
import { textBinding } from './text-binding.ts';

/** CodeMirror's English words with ours in their place. */
export type Phrases = Readonly<Record<string, string>>;

export const writable = new Compartment();

/** Whether the person may type, the name a screen reader gives to the text, and CodeMirror's own words translated. */
export const writableOf = (canWrite: boolean, label: string, phrases: Phrases): Extension => [
  EditorState.readOnly.of(!canWrite),
  EditorView.editorAttributes.of(canWrite ? {} : { class: 'cm-reading' }),
  EditorState.phrases.of(phrases),
  EditorView.contentAttributes.of({
    'aria-label': label,
    // An editable element takes focus by itself; saying so helps those who look for what scrolls.
    tabindex: '0',
    'aria-readonly': String(!canWrite),
    'aria-multiline': 'true',
    autocapitalize: 'off',
    spellcheck: 'false',
    // A phone shows no keyboard for what cannot be typed in.
    ...(canWrite ? {} : { inputmode: 'none' }),
  }),
];

/** Mod-Enter starts a run, here as everywhere on the page. */
const plainKeymap = defaultKeymap.filter(({ key }) => key !== 'Mod-Enter');

type Options = {
  readonly text: Y.Text;
  readonly undo: Y.UndoManager;
  readonly isGo: boolean;
  readonly canWrite: boolean;
  readonly label: string;
  readonly phrases: Phrases;
  readonly onTooLarge: () => void;
  readonly onRefused: () => void;
  readonly onPoint: (line: number) => void;
};

/** Everything one file's editor is made of. History is the document's undo manager, never the editor's own. */
export function editorExtensions({
  text,
  undo,
  isGo,
  canWrite,
  label,
  phrases,
  onTooLarge,
  onRefused,
  onPoint,
}: Options): Extension[] {
  return [
    EditorView.cspNonce.of(pageNonce()),
    pointingNumbers(onPoint),
    noNotes(),
    lineMarks(),
    highlightSpecialChars(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    rectangularSelection(),
    crosshairCursor(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    searchOnUse(),
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    indentUnit.of('\t'),
    EditorState.tabSize.of(4),
    isGo ? goLanguage : [],
    // Undo comes before the default keys. Esc, then Tab, leaves the editor (a rule of the view itself).
    keymap.of([...undoKeys(undo), ...closeBracketsKeymap, ...plainKeymap, indentWithTab]),
    writable.of(writableOf(canWrite, label, phrases)),
    sizeLimit(text, onTooLarge),
    EditorView.domEventHandlers({
      // What is read-only says so when somebody types, and not before.
      beforeinput: (_event, view) => {
        if (view.state.readOnly) onRefused();
        return false;
      },
    }),
    textBinding(text),
    noOthers(),
    editorTheme,
  ];
}

function undoKeys(
  undo: Y.UndoManager,
): { key: string; mac?: string; preventDefault: boolean; run: (view: EditorView) => boolean }[] {
  const unlessReadOnly = (act: () => unknown) => (view: EditorView) => {
    if (!view.state.readOnly) act();
    return true;
  };
  return [
    { key: 'Mod-z', preventDefault: true, run: unlessReadOnly(() => undo.undo()) },
    { key: 'Mod-y', mac: 'Mod-Shift-z', preventDefault: true, run: unlessReadOnly(() => undo.redo()) },
    { key: 'Mod-Shift-z', preventDefault: true, run: unlessReadOnly(() => undo.redo()) },
  ];
}
