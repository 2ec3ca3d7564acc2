import type { EditorView } from '@codemirror/view';
import { othersSlot } from './others-slot.ts';
import { peoplePoints, showPoints } from './people-points.ts';
import { remoteCursors, showCursors } from './remote-cursors.ts';

/** What shows others in an editor. */
export type Others = { readonly showCursors: typeof showCursors; readonly showPoints: typeof showPoints };

/** Makes room for others in an editor, once. */
export function installOthers(view: EditorView): Others {
  view.dispatch({ effects: othersSlot.reconfigure([peoplePoints(), remoteCursors()]) });
  return { showCursors, showPoints };
}
