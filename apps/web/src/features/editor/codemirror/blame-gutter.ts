import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { EditorView, gutter, GutterMarker } from '@codemirror/view';

/** Whose a line is; `words` say it whole, `name` and `time` in the gutter, on the first of lines that belong together. */
export type BlamedLine = {
  readonly line: number;
  readonly hue: number | null;
  readonly name: string;
  readonly time: string;
  readonly words: string;
};

const blamed = StateEffect.define<readonly BlamedLine[]>();

/** Shows whose lines are. They move with the text until they are told anew; an empty list takes the gutter away. */
export function showBlame(view: EditorView, lines: readonly BlamedLine[]): void {
  if (view.state.field(blameField, false) === undefined) {
    if (lines.length === 0) return;
    view.dispatch({ effects: StateEffect.appendConfig.of(blameGutter()) });
  }
  view.dispatch({ effects: blamed.of(lines) });
}

/** What is told of the caret's line; null when nothing is. */
export function blameAtCaret(view: EditorView): string | null {
  const { from } = view.state.doc.lineAt(view.state.selection.main.head);
  let words: string | null = null;
  view.state.field(blameField, false)?.between(from, from, (_from, _to, marker) => {
    ({ words } = marker.entry);
  });
  return words;
}

class BlameMarker extends GutterMarker {
  readonly entry: BlamedLine;
  override elementClass: string;

  constructor(entry: BlamedLine) {
    super();
    this.entry = entry;
    this.elementClass = entry.hue === null ? 'cm-blame' : `cm-blame cm-blame-${entry.hue % 12}`;
  }

  override eq(other: BlameMarker): boolean {
    return other.entry === this.entry;
  }

  override toDOM(): Node {
    const text = document.createElement('span');
    const time = document.createElement('span');
    time.className = 'cm-blame-time';
    time.textContent = this.entry.time;
    text.append(this.entry.name, ' ', time);
    text.title = this.entry.words;
    return text;
  }
}

const blameField = StateField.define<RangeSet<BlameMarker>>({
  create: () => RangeSet.empty,
  update(markers, { changes, effects, state }) {
    let next = markers.map(changes);
    for (const effect of effects) {
      if (!effect.is(blamed)) continue;
      const known = effect.value.filter(({ line }) => line >= 1 && line <= state.doc.lines);
      next = RangeSet.of(
        known.map((entry) => new BlameMarker(entry).range(state.doc.line(entry.line).from)),
        true,
      );
    }
    return next;
  },
});

const hues = Object.fromEntries(
  Array.from({ length: 12 }, (_, i) => [`.cm-blame-${i}`, { borderLeftColor: `var(--ln-person-${i})` }]),
);

const blameGutter = (): Extension => [
  blameField,
  gutter({
    class: 'cm-blame-gutter',
    markers: (view) => view.state.field(blameField),
    lineMarkerChange: (update) => update.startState.field(blameField) !== update.state.field(blameField),
  }),
  EditorView.baseTheme({
    '.cm-blame': {
      maxWidth: '9em',
      padding: '0 6px',
      borderLeft: '3px solid var(--ln-border)',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      font: '11px/inherit var(--ln-font)',
      color: 'var(--ln-text-dim)',
    },
    ...hues,
    '@media (max-width: 720px)': { '.cm-blame-time': { display: 'none' } },
  }),
];
