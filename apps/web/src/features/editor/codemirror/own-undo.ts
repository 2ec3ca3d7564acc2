import * as Y from 'yjs';
import { TYPED_ORIGIN } from './text-binding.ts';

/** Keystrokes with less than this between them are undone together. */
const CAPTURE_MS = 500;

/** Origin of a change that was made at once: text restored, files unpacked. Each is one step. */
export const APPLIED_ORIGIN = Symbol('applied');

const managers = new WeakMap<Y.Text, Y.UndoManager>();

/** One history per file, of what was typed or put in here and nothing else; it outlives the file's editor. */
export function undoOf(text: Y.Text): Y.UndoManager {
  const known = managers.get(text);
  if (known !== undefined) return known;
  const manager = new Y.UndoManager(text, {
    trackedOrigins: new Set([TYPED_ORIGIN, APPLIED_ORIGIN]),
    captureTimeout: CAPTURE_MS,
  });
  managers.set(text, manager);
  return manager;
}
