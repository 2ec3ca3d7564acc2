// What `npm run bench -- typing` runs in a browser: one text in CodeMirror with the carets of others, ours and a peer's.
import { createFile, listFiles, type RoomPerson } from '@lineage/collab';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { yCollab } from 'y-codemirror.next';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { remoteCursors, showCursors } from './remote-cursors.ts';
import { textBinding } from './text-binding.ts';

export type TypingSubject = 'lineage' | 'y-codemirror.next' | 'alone';

const LINES = 400;
const FILE = 'f';
/** The clock of a page is coarse, so it is read once for as many keystrokes. */
const KEYSTROKES_A_SAMPLE = 50;

/** Main-thread milliseconds of one keystroke, layout included, one figure for each 50 of them. */
export function typingSamples(subject: TypingSubject, people: number, samples: number): number[] {
  const doc = new Y.Doc();
  const line = 'func work(job int) int { return job * 31 % 7 }\n';
  createFile(doc, 'main.go', line.repeat(LINES), FILE);
  const text = listFiles(doc)[0]?.text ?? new Y.Text();
  const view = open(subject, text, people);
  const taken: number[] = [];
  let at = Math.floor(text.length / 2);
  for (let nth = 0; nth < samples; nth++) {
    const began = performance.now();
    for (let key = 0; key < KEYSTROKES_A_SAMPLE; key++) {
      view.dispatch({
        changes: { from: at, insert: 'x' },
        selection: { anchor: at + 1 },
        userEvent: 'input.type',
      });
      at += 1;
      // What the browser would do before it paints.
      view.contentDOM.getBoundingClientRect();
    }
    taken.push((performance.now() - began) / KEYSTROKES_A_SAMPLE);
    view.dispatch({ changes: { from: at, insert: '\n' }, selection: { anchor: at + 1 } });
    at += 1;
  }
  const isRight = view.state.doc.toString() === text.toString();
  view.destroy();
  if (!isRight) throw new Error('the editor and the document differ');
  return taken;
}

function open(subject: TypingSubject, text: Y.Text, people: number): EditorView {
  const host = document.createElement('div');
  host.style.height = '600px';
  document.body.replaceChildren(host);
  const awareness = new Awareness(text.doc ?? new Y.Doc());
  const own: Record<TypingSubject, () => Extension> = {
    lineage: () => [textBinding(text), remoteCursors()],
    'y-codemirror.next': () => yCollab(text, awareness, { undoManager: false }),
    alone: () => textBinding(text),
  };
  const view = new EditorView({
    parent: host,
    state: EditorState.create({
      doc: text.toString(),
      selection: { anchor: Math.floor(text.length / 2) },
      extensions: [own[subject](), EditorView.theme({ '&': { height: '600px' } })],
    }),
  });
  view.dispatch({ effects: EditorView.scrollIntoView(Math.floor(text.length / 2), { y: 'center' }) });
  const carets = Array.from({ length: people }, (_, nth) => caretOf(nth, people, text));
  if (subject === 'lineage')
    showCursors(view, text, FILE, new Map(carets.map((one) => [one.clientId, one])), new Map());
  if (subject === 'y-codemirror.next') {
    for (const { clientId, user, cursor } of carets)
      awareness.states.set(clientId, { user: { name: user.name, color: '#3b82f6' }, cursor });
    awareness.emit('change', [
      { added: carets.map(({ clientId }) => clientId), updated: [], removed: [] },
      'bench',
    ]);
  }
  return view;
}

/** People are all over the lines around the middle, where the typing is. */
function caretOf(nth: number, people: number, text: Y.Text): RoomPerson {
  const index = Math.floor(text.length / 2 + (nth - people / 2) * 20);
  const at = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, index, -1));
  return {
    clientId: 1_000_000 + nth,
    user: {
      id: `p${nth}`,
      name: `Person ${nth}`,
      initials: 'P',
      colour: nth % 12,
      color: '#3b82f6',
      role: 'driver',
    },
    cursor: { file: FILE, anchor: at, head: at },
    point: null,
    top: null,
    follows: null,
    gather: null,
  };
}

Reflect.set(globalThis, 'typingSamples', typingSamples);
