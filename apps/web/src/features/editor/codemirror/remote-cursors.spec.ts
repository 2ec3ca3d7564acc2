import { createFile, listFiles, type RoomPerson } from '@lineage/collab';
import { EditorState } from '@codemirror/state';
import { type Decoration, EditorView } from '@codemirror/view';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { remoteCursors, showCursors } from './remote-cursors.ts';

const user = { id: 'a', name: 'Ana', initials: 'A', colour: 1, color: '', role: 'driver' };
const rest = { point: null, top: null, follows: null, gather: null };

/** An editor without a screen: what is drawn is looked up in its state. */
class Screenless {
  readonly text: Y.Text;
  state: EditorState;
  #seen: ReadonlyMap<number, RoomPerson> = new Map();

  constructor(content: string) {
    const doc = new Y.Doc();
    createFile(doc, 'main.go', content, 'f');
    this.text = listFiles(doc)[0]?.text ?? new Y.Text();
    this.state = EditorState.create({ doc: content, extensions: remoteCursors() });
  }

  show(people: readonly RoomPerson[]): void {
    const view = { state: this.state, dispatch: (spec: object) => this.#dispatch(spec) } as EditorView;
    this.#seen = showCursors(view, this.text, 'f', new Map(people.map((p) => [p.clientId, p])), this.#seen);
  }

  type(from: number, insert: string): void {
    this.text.insert(from, insert);
    this.#dispatch({ changes: { from, insert } });
  }

  /** Where something of each client is drawn, in order. */
  get drawn(): [number, number][] {
    const all: [number, number][] = [];
    for (const source of this.state.facet(EditorView.decorations)) {
      if (typeof source === 'function') continue;
      source.between(0, this.state.doc.length, (from, _to, { spec }: Decoration) => {
        all.push([(spec as { clientId: number }).clientId, from]);
      });
    }
    return all;
  }

  person(clientId: number, head: number, anchor = head): RoomPerson {
    const at = (index: number): unknown =>
      Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(this.text, index, -1));
    return { clientId, user, cursor: { file: 'f', anchor: at(anchor), head: at(head) }, ...rest };
  }

  #dispatch(spec: object): void {
    this.state = this.state.update(spec).state;
  }
}

describe('carets of others', () => {
  it('stay where they are while somebody types, and leave nothing behind when they move', () => {
    const editor = new Screenless('one\n\ntwo\n\n');
    editor.show([editor.person(1, 3), editor.person(2, 8)]);
    expect(editor.drawn).toEqual([
      [1, 3],
      [2, 8],
    ]);
    // At the very place of a caret: it may stand before or after what is typed.
    editor.type(3, '!!');
    editor.show([editor.person(1, 0), editor.person(2, 10)]);
    expect(editor.drawn).toEqual([
      [1, 0],
      [2, 10],
    ]);
    editor.show([]);
    expect(editor.drawn).toEqual([]);
  });

  it('are drawn again only for who moved', () => {
    const editor = new Screenless('one\ntwo\n');
    const [still, mover] = [editor.person(1, 3), editor.person(2, 7)];
    editor.show([still, mover]);
    const before = editor.state;
    editor.show([{ ...still, follows: 'b' }, { ...mover }]);
    expect(editor.state).toBe(before);
    editor.show([still, editor.person(2, 6)]);
    expect(editor.state).not.toBe(before);
  });

  it('have their names where no text is: behind the line between two longer ones', () => {
    const editor = new Screenless('a long line\nshort\nanother long line');
    editor.show([editor.person(1, 14)]);
    expect(editor.drawn).toEqual([
      [1, 14],
      [1, 17],
    ]);
  });

  it('come with the selection, in whichever direction it was made', () => {
    const editor = new Screenless('one\n\n');
    editor.show([editor.person(1, 1, 3)]);
    expect(editor.drawn.map(([, from]) => from)).toEqual([1, 1]);
    editor.type(0, 'x');
    editor.show([editor.person(1, 2, 2)]);
    expect(editor.drawn).toEqual([[1, 2]]);
  });

  it('that another client made up are nowhere', () => {
    const editor = new Screenless('one\n');
    const made = { ...editor.person(1, 0), cursor: { file: 'f', anchor: { type: 1 }, head: {} } };
    editor.show([made]);
    expect(editor.drawn).toEqual([]);
  });
});
