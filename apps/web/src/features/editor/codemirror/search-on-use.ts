import { Compartment, type Extension } from '@codemirror/state';
import { type EditorView, keymap } from '@codemirror/view';

/** The keys of `searchKeymap` that begin something. */
const KEYS = ['Mod-f', 'F3', 'Mod-g', 'Mod-Shift-l', 'Mod-Alt-g', 'Mod-d'];
const slot = new Compartment();

/** Search whose code is loaded by its first key, which then does what it is for. */
export const searchOnUse = (): Extension =>
  slot.of(
    keymap.of(
      KEYS.map((key) => ({
        key,
        preventDefault: true,
        run: (view) => loadAndPress(view, key, false),
        shift: (view) => loadAndPress(view, key, true),
      })),
    ),
  );

function loadAndPress(view: EditorView, key: string, shift: boolean): boolean {
  import('./search.ts').then(
    ({ searching, pressSearchKey }) => {
      if (!view.dom.isConnected) return;
      view.dispatch({ effects: slot.reconfigure(searching) });
      pressSearchKey(view, key, shift);
    },
    // The next press tries again.
    reportError,
  );
  return true;
}
