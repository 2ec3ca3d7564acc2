import type { Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';

/** Line numbers that can be pointed with: `onPoint` is called with the line that was pressed. */
export function pointingNumbers(onPoint: (line: number) => void): Extension {
  return [
    lineNumbers({
      domEventHandlers: {
        mousedown: (view, { from }, event) => {
          if (!(event instanceof MouseEvent) || event.button !== 0) return false;
          event.preventDefault();
          onPoint(view.state.doc.lineAt(from).number);
          return true;
        },
      },
    }),
    EditorView.baseTheme({
      '.cm-lineNumbers .cm-gutterElement': { cursor: 'pointer' },
      '.cm-lineNumbers .cm-gutterElement:hover': { color: 'var(--ln-text)' },
    }),
  ];
}

/** The line of the caret, from 1. */
export const caretLine = ({ state }: EditorView): number =>
  state.doc.lineAt(state.selection.main.head).number;

/** Whether a line is on the screen, as far as the editor shows anything. */
export function isLineInSight(view: EditorView, line: number): boolean {
  const { doc } = view.state;
  const { top, bottom } = view.lineBlockAt(doc.line(Math.max(1, Math.min(line, doc.lines))).from);
  const { scrollTop, clientHeight } = view.scrollDOM;
  const padding = view.documentPadding.top;
  return top + padding >= scrollTop && bottom + padding <= scrollTop + clientHeight;
}
