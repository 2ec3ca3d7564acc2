import type { RoomPerson } from '@lineage/collab';
import {
  countColumn,
  type EditorState,
  type Extension,
  type Range,
  StateEffect,
  StateField,
} from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import type * as Y from 'yjs';
import { indexOf } from './text-position.ts';

type Place = { readonly person: RoomPerson; readonly anchor: number; readonly head: number };
type Move = { readonly clientId: number; readonly place: Place | null };

const moved = StateEffect.define<readonly Move[]>();

/**
 * Other people's carets and selections, each with a name where no text is. What did not move is only mapped through
 * changes, so the cost of a keystroke does not grow with the number of people; their names show when they move and fade
 * after two seconds.
 */
export function remoteCursors(): Extension {
  return [cursors, cursorTheme];
}

/**
 * Brings the carets of `text` up to date with who is in the room. `seen` is what the last call returned for this
 * editor state: entries whose cursor is the same object did not move.
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
    if (hasMoved(seen.get(clientId), person)) moves.push({ clientId, place: placeOf(person, text, fileId) });
  }
  for (const clientId of seen.keys()) if (!people.has(clientId)) moves.push({ clientId, place: null });
  if (moves.length > 0) view.dispatch({ effects: moved.of(moves) });
  return people;
}

const hasMoved = (before: RoomPerson | undefined, { cursor, user }: RoomPerson): boolean =>
  before === undefined ||
  before.cursor !== cursor ||
  before.user.colour !== user.colour ||
  before.user.name !== user.name;

function placeOf(person: RoomPerson, text: Y.Text, fileId: string): Place | null {
  if (person.cursor === null || person.cursor.file !== fileId || text.doc === null) return null;
  const anchor = indexOf(person.cursor.anchor, text, text.doc);
  const head = indexOf(person.cursor.head, text, text.doc);
  return anchor === null || head === null ? null : { person, anchor, head };
}

/** A keystroke maps the set as a whole; only what moved is drawn again, in one pass. */
const cursors = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects)
      if (effect.is(moved)) next = applyMoves(next, effect.value, transaction.state);
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function applyMoves(set: DecorationSet, moves: readonly Move[], state: EditorState): DecorationSet {
  const movers = new Set(moves.map(({ clientId }) => clientId));
  return set.update({
    filter: (_from, _to, { spec }) => !movers.has((spec as { clientId: number }).clientId),
    add: moves.flatMap(({ clientId, place }) =>
      place === null ? [] : draw(clientId, clip(place, state.doc.length), state),
    ),
    sort: true,
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
  const room = labelRoom(state, head);
  const caret = Decoration.widget({
    clientId,
    widget: new Caret(name, hue, room, person),
    side: anchor < head ? 1 : -1,
  }).range(head);
  const drawn = [caret];
  if (room === 'end') {
    const label = Decoration.widget({ clientId, widget: new EndLabel(name, hue, person), side: 2 });
    drawn.push(label.range(state.doc.lineAt(head).to));
  }
  if (anchor === head) return drawn;
  const selection = Decoration.mark({ clientId, class: `cm-remote-selection ${hue}` });
  return [selection.range(Math.min(anchor, head), Math.max(anchor, head)), ...drawn];
}

/** Where a name covers no text: above or below when that line ends before the caret, else behind its own line. */
function labelRoom({ doc, tabSize }: EditorState, head: number): 'above' | 'below' | 'end' {
  const line = doc.lineAt(head);
  const column = countColumn(line.text, tabSize, head - line.from);
  const endsBefore = (n: number): boolean =>
    countColumn(doc.line(n).text.slice(0, MAX_COLUMNS), tabSize) <= column;
  if (line.number > 1 && endsBefore(line.number - 1)) return 'above';
  if (line.number < doc.lines && endsBefore(line.number + 1)) return 'below';
  return 'end';
}

/** Nobody sees further to the right, so longer lines are not counted to their end. */
const MAX_COLUMNS = 400;

class EndLabel extends WidgetType {
  readonly name: string;
  readonly hue: string;
  readonly person: RoomPerson;

  constructor(name: string, hue: string, person: RoomPerson) {
    super();
    this.name = name;
    this.hue = hue;
    this.person = person;
  }

  override eq(other: EndLabel): boolean {
    return !hasMoved(other.person, this.person);
  }

  override toDOM(): HTMLElement {
    const place = document.createElement('span');
    place.className = `cm-remote-end ${this.hue}`;
    place.setAttribute('aria-hidden', 'true');
    place.append(nameLabel(this.name));
    return place;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function nameLabel(name: string): HTMLElement {
  const label = document.createElement('span');
  label.className = 'cm-remote-name';
  label.textContent = name;
  return label;
}

class Caret extends WidgetType {
  readonly name: string;
  readonly hue: string;
  readonly room: 'above' | 'below' | 'end';
  /** Of a person who moved it is drawn anew, so the name shows again. */
  readonly person: RoomPerson;

  constructor(name: string, hue: string, room: 'above' | 'below' | 'end', person: RoomPerson) {
    super();
    this.name = name;
    this.hue = hue;
    this.room = room;
    this.person = person;
  }

  override eq(other: Caret): boolean {
    return !hasMoved(other.person, this.person) && other.room === this.room;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = `cm-remote-caret ${this.hue}${this.room === 'below' ? ' cm-remote-below' : ''}`;
    caret.setAttribute('aria-hidden', 'true');
    if (this.room === 'end') caret.append('\u2060');
    else caret.append('\u2060', nameLabel(this.name), '\u2060');
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
  '.cm-remote-end': { position: 'relative', pointerEvents: 'none' },
  '.cm-remote-end .cm-remote-name': { bottom: 'auto', top: '1px', left: '1ch', borderRadius: '3px' },
  '@keyframes cm-remote-name': { '0%': { opacity: 1 }, '80%': { opacity: 1 }, '100%': { opacity: 0 } },
});
