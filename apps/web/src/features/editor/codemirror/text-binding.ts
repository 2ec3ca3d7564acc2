import { Annotation, type ChangeSpec, type Extension } from '@codemirror/state';
import { type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import * as Y from 'yjs';

/** Origin of what is typed here; the undo manager tracks this and nothing else. */
export const TYPED_ORIGIN = Symbol('typed');

/** Marks an editor transaction that came from the document, so that it is not written back. */
export const fromDocument = Annotation.define<boolean>();

/**
 * Keeps an editor and a `Y.Text` equal. The editor must begin with the text as it is. Only what differs is changed, on
 * either side, so selections, folds and input methods stay as they are.
 */
export function textBinding(text: Y.Text): Extension {
  return ViewPlugin.define((view) => new TextBinding(view, text));
}

class TextBinding {
  readonly #view: EditorView;
  readonly #text: Y.Text;

  constructor(view: EditorView, text: Y.Text) {
    this.#view = view;
    this.#text = text;
    text.observe(this.#onText);
  }

  update({ transactions }: ViewUpdate): void {
    for (const transaction of transactions) {
      if (transaction.docChanged && transaction.annotation(fromDocument) !== true)
        this.#write(transaction.changes);
    }
  }

  destroy(): void {
    this.#text.unobserve(this.#onText);
  }

  #write(changes: ViewUpdate['changes']): void {
    this.#text.doc?.transact(() => {
      let shift = 0;
      changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
        const added = inserted.sliceString(0, inserted.length, '\n');
        if (toA > fromA) this.#text.delete(fromA + shift, toA - fromA);
        if (added.length > 0) this.#text.insert(fromA + shift, added);
        shift += added.length - (toA - fromA);
      });
    }, TYPED_ORIGIN);
  }

  #onText = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
    if (transaction.origin === TYPED_ORIGIN) return;
    const changes = toChanges(event);
    const isUndo = transaction.origin instanceof Y.UndoManager;
    const at = lastEnd(event);
    this.#view.dispatch({
      changes,
      annotations: fromDocument.of(true),
      ...(isUndo && at !== null ? { selection: { anchor: at }, scrollIntoView: true } : {}),
    });
    this.#heal();
  };

  /** A difference is a defect of ours; the document is right, and typing into a wrong text would spread it. */
  #heal(): void {
    const { doc } = this.#view.state;
    if (doc.length === this.#text.length) return;
    reportError(new Error('The editor differed from the document and was set right.'));
    this.#view.dispatch({
      changes: { from: 0, to: doc.length, insert: this.#text.toString() },
      annotations: fromDocument.of(true),
    });
  }
}

function toChanges(event: Y.YTextEvent): ChangeSpec[] {
  const changes: { from: number; to: number; insert: string }[] = [];
  let at = 0;
  for (const part of event.delta) {
    if (part.retain !== undefined) at += part.retain;
    else if (typeof part.insert === 'string') changes.push({ from: at, to: at, insert: part.insert });
    else if (part.delete !== undefined) {
      changes.push({ from: at, to: at + part.delete, insert: '' });
      at += part.delete;
    }
  }
  return changes;
}

/** Where the last change of an event ends, in the new text. */
function lastEnd(event: Y.YTextEvent): number | null {
  let at = 0;
  let end: number | null = null;
  for (const part of event.delta) {
    if (part.retain !== undefined) at += part.retain;
    else if (typeof part.insert === 'string') {
      at += part.insert.length;
      end = at;
    } else end = at;
  }
  return end;
}
