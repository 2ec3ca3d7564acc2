import type { RoomPerson } from '@lineage/collab';
import { type EditorState, type Extension, type Range, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import * as Y from 'yjs';

type Place = { readonly person: RoomPerson; readonly anchor: number; readonly head: number };
type Move = { readonly clientId: number; readonly place: Place | null };

const moved = StateEffect.define<readonly Move[]>();

/**
 * Other people's carets and selections. What did not move is only mapped through changes, so the cost of a keystroke
 * does not grow with the number of people; their names show when they move and fade after two seconds.
 */
export function remoteCursors(): Extension {
  return [cursors, cursorTheme];
}

/**
 * Brings the carets of `text` up to date with who is in the room. `seen` is what the last call returned for this
 * editor state: entries that are the same object did not move.
 */
export function showCursors(
  view: EditorView,
  text: Y.Text,
  fileId: string,
  people: ReadonlyMap<number, RoomPerson>,
  seen: ReadonlyMap<number, RoomPerson>,
): ReadonlyMap<number, RoomPerson> {
  const moves: Move[] = [];
  for (const [clientId, person] of people) {
    if (seen.get(clientId) !== person) moves.push({ clientId, place: placeOf(person, text, fileId) });
  }
  for (const clientId of seen.keys()) if (!people.has(clientId)) moves.push({ clientId, place: null });
  if (moves.length > 0) view.dispatch({ effects: moved.of(moves) });
  return people;
}

function placeOf(person: RoomPerson, text: Y.Text, fileId: string): Place | null {
  if (person.cursor === null || person.cursor.file !== fileId || text.doc === null) return null;
  const anchor = indexOf(person.cursor.anchor, text, text.doc);
  const head = indexOf(person.cursor.head, text, text.doc);
  return anchor === null || head === null ? null : { person, anchor, head };
}

/** Null for a position that is not of this text, or not known here yet: it came from another person's client. */
export function indexOf(position: unknown, text: Y.Text, doc: Y.Doc): number | null {
  try {
    const found = Y.createAbsolutePositionFromRelativePosition(
      Y.createRelativePositionFromJSON(position),
      doc,
    );
    return found !== null && found.type === text ? found.index : null;
  } catch {
    return null;
  }
}

type Cursors = { readonly set: DecorationSet; readonly places: ReadonlyMap<number, Place> };

const cursors = StateField.define<Cursors>({
  create: () => ({ set: Decoration.none, places: new Map() }),
  update(value, transaction) {
    let { set, places } = value;
    if (transaction.docChanged) {
      set = set.map(transaction.changes);
      places = mapPlaces(places, (at) => transaction.changes.mapPos(at));
    }
    for (const effect of transaction.effects)
      if (effect.is(moved)) ({ set, places } = applyMoves({ set, places }, effect.value, transaction.state));
    return set === value.set && places === value.places ? value : { set, places };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.set),
});

function mapPlaces(
  places: ReadonlyMap<number, Place>,
  map: (at: number) => number,
): ReadonlyMap<number, Place> {
  if (places.size === 0) return places;
  return new Map(
    [...places].map(([id, place]) => [id, { ...place, anchor: map(place.anchor), head: map(place.head) }]),
  );
}

function applyMoves({ set, places }: Cursors, moves: readonly Move[], state: EditorState): Cursors {
  const next = new Map(places);
  let decorations = set;
  for (const { clientId, place } of moves) {
    const before = next.get(clientId);
    if (before !== undefined) decorations = withoutClient(decorations, clientId, before);
    if (place === null) {
      next.delete(clientId);
    } else {
      const within = clip(place, state.doc.length);
      next.set(clientId, within);
      decorations = decorations.update({ add: draw(clientId, within, state), sort: true });
    }
  }
  return { set: decorations, places: next };
}

function withoutClient(set: DecorationSet, clientId: number, { anchor, head }: Place): DecorationSet {
  return set.update({
    filterFrom: Math.min(anchor, head),
    filterTo: Math.max(anchor, head),
    filter: (_from, _to, { spec }) => (spec as { clientId?: number }).clientId !== clientId,
  });
}

const clip = (place: Place, length: number): Place => ({
  ...place,
  anchor: Math.min(place.anchor, length),
  head: Math.min(place.head, length),
});

function draw(clientId: number, { person, anchor, head }: Place, state: EditorState): Range<Decoration>[] {
  const { colour, name } = person.user;
  const hue = `cm-person-${colour % 12}`;
  const onFirstLine = state.doc.lineAt(head).number === 1;
  const caret = Decoration.widget({
    clientId,
    widget: new Caret(name, hue, onFirstLine, person),
    side: anchor < head ? 1 : -1,
  }).range(head);
  if (anchor === head) return [caret];
  const selection = Decoration.mark({ clientId, class: `cm-remote-selection ${hue}` });
  return [selection.range(Math.min(anchor, head), Math.max(anchor, head)), caret];
}

class Caret extends WidgetType {
  readonly name: string;
  readonly hue: string;
  readonly below: boolean;
  /** Another object means that the person moved: drawn anew, so the name shows again. */
  readonly person: RoomPerson;

  constructor(name: string, hue: string, below: boolean, person: RoomPerson) {
    super();
    this.name = name;
    this.hue = hue;
    this.below = below;
    this.person = person;
  }

  override eq(other: Caret): boolean {
    return other.person === this.person && other.below === this.below;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = `cm-remote-caret ${this.hue}${this.below ? ' cm-remote-below' : ''}`;
    caret.setAttribute('aria-hidden', 'true');
    const label = document.createElement('span');
    label.className = 'cm-remote-name';
    label.textContent = this.name;
    caret.append('\u2060', label, '\u2060');
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const hues = Object.fromEntries(
  Array.from({ length: 12 }, (_, i) => [`.cm-person-${i}`, { '--cm-person': `var(--ln-person-${i})` }]),
);

const cursorTheme = EditorView.baseTheme({
  ...hues,
  '.cm-remote-selection': { backgroundColor: 'color-mix(in srgb, var(--cm-person) 26%, transparent)' },
  '.cm-remote-caret': {
    position: 'relative',
    borderLeft: '2px solid var(--cm-person)',
    marginLeft: '-1px',
    marginRight: '-1px',
    pointerEvents: 'none',
  },
  '.cm-remote-name': {
    position: 'absolute',
    bottom: '100%',
    left: '-2px',
    padding: '0 5px',
    borderRadius: '3px 3px 3px 0',
    backgroundColor: 'var(--cm-person)',
    color: 'var(--ln-on-person)',
    font: '500 11px/16px var(--ln-font)',
    whiteSpace: 'nowrap',
    zIndex: '5',
    opacity: '0',
    animation: 'cm-remote-name 2.2s ease-out',
  },
  '.cm-remote-below .cm-remote-name': { bottom: 'auto', top: '100%', borderRadius: '0 3px 3px 3px' },
  '@keyframes cm-remote-name': { '0%': { opacity: 1 }, '80%': { opacity: 1 }, '100%': { opacity: 0 } },
});
