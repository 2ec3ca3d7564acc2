import * as Y from 'yjs';
import { TYPED_ORIGIN } from './text-binding.ts';

/** Keystrokes with less than this between them are undone together. */
const CAPTURE_MS = 500;

const managers = new WeakMap<Y.Text, Y.UndoManager>();

/** One history per file, of what was typed here and nothing else; it outlives the file's editor. */
export function undoOf(text: Y.Text): Y.UndoManager {
  const known = managers.get(text);
  if (known !== undefined) return known;
  const manager = new Y.UndoManager(text, {
    trackedOrigins: new Set([TYPED_ORIGIN]),
    captureTimeout: CAPTURE_MS,
  });
  managers.set(text, manager);
  return manager;
}
