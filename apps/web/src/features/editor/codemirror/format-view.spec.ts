// @vitest-environment node
import {
  ChangeSet,
  EditorSelection,
  EditorState,
  type Transaction,
  type TransactionSpec,
} from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { describe, expect, it } from 'vitest';
import { applyFormatted } from './format-view.ts';

/** As much of a view as is asked for; drawing needs a browser. */
function viewOf(doc: string, head = 0): EditorView & { state: EditorState } {
  const view = {
    state: EditorState.create({ doc, selection: EditorSelection.cursor(head) }),
    dispatch(spec: TransactionSpec): void {
      const transaction: Transaction = view.state.update(spec);
      view.state = transaction.state;
    },
  };
  return view as unknown as EditorView & { state: EditorState };
}

const before = 'package main\nfunc  main( ) {\nx := 1\n}\n';
const after = 'package main\n\nfunc main() {\n\tx := 1\n}\n';

describe('formatting', () => {
  it('keeps the caret at its letter', () => {
    const view = viewOf(before, before.indexOf(':='));
    expect(applyFormatted(view, before, after)).toBe(true);
    expect(view.state.doc.toString()).toBe(after);
    expect(view.state.doc.sliceString(view.state.selection.main.head).startsWith(':= 1')).toBe(true);
  });

  it('keeps what was typed while it was under way', () => {
    const view = viewOf(before);
    view.dispatch({ changes: ChangeSet.of({ from: before.indexOf('1'), insert: '4' }, before.length) });
    applyFormatted(view, before, after);
    expect(view.state.doc.toString()).toBe(after.replace('1', '41'));
  });

  it('says when there is nothing to do', () => {
    expect(applyFormatted(viewOf(after), after, after)).toBe(false);
  });
});
