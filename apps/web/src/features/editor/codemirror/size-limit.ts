import { listFiles, MAX_TEXT_BYTES } from '@lineage/collab';
import { EditorState, type Extension } from '@codemirror/state';
import type * as Y from 'yjs';
import { fromDocument } from './text-binding.ts';

/** A UTF-16 unit has at most three bytes of UTF-8, so a text this far from the limit need not be measured. */
const MAX_BYTES_PER_UNIT = 3;
const utf8 = new TextEncoder();

/** Refuses what would take the workspace over its limit before it is in the text; the server would refuse it too. */
export function sizeLimit(text: Y.Text, onTooLarge: () => void): Extension {
  return EditorState.changeFilter.of((transaction) => {
    if (
      transaction.annotation(fromDocument) === true ||
      transaction.newDoc.length <= transaction.startState.doc.length
    )
      return true;
    const others = text.doc === null ? [] : listFiles(text.doc).filter((file) => file.text !== text);
    const units = others.reduce((sum, file) => sum + file.text.length, transaction.newDoc.length);
    if (units * MAX_BYTES_PER_UNIT <= MAX_TEXT_BYTES) return true;
    const bytes = [transaction.newDoc.toString(), ...others.map((file) => file.text.toString())].reduce(
      (sum, t) => sum + utf8.encode(t).length,
      0,
    );
    if (bytes <= MAX_TEXT_BYTES) return true;
    queueMicrotask(onTooLarge);
    return false;
  });
}
