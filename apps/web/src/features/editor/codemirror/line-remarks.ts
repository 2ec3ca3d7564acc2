import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { EditorView, gutter, GutterMarker, keymap, showTooltip, type Tooltip } from '@codemirror/view';

/** One decision of the compiler about a line; `label` says in the language of the page what it is. */
export type LineRemark = {
  readonly line: number;
  readonly kind: string;
  readonly label: string;
  /** The compiler's own words, and how the value gets there. */
  readonly message: string;
  readonly flow: readonly string[];
};

/** Steps of a value's way that a small window shows; all of them are in the dock. */
const SHOWN_STEPS = 6;
/** A letter for each kind: colour alone would not tell them apart. */
const letters: Readonly<Record<string, string>> = {
  heap: 'H',
  leak: 'H',
  can_inline: 'I',
  inlined: 'I',
  cannot_inline: 'N',
  bounds_check: 'B',
  stack: 'S',
};
const costly = new Set(['heap', 'leak', 'cannot_inline', 'bounds_check']);

const remarked = StateEffect.define<readonly LineRemark[]>();
/** The start of the line whose remarks are open, or null. */
const opened = StateEffect.define<number | null>();

/** Shows these remarks beside their lines. They move with the text; what is deleted takes its remarks along. */
export function showRemarks(view: EditorView, remarks: readonly LineRemark[]): void {
  if (view.state.field(remarksField, false) === undefined)
    view.dispatch({ effects: StateEffect.appendConfig.of(lineRemarks()) });
  view.dispatch({ effects: remarked.of(remarks) });
}

/** Opens what is said of the caret's line; the words, or null when there is nothing. */
export function openRemarks(view: EditorView): string | null {
  const { from } = view.state.doc.lineAt(view.state.selection.main.head);
  const remarks = remarksAt(view, from);
  if (remarks.length === 0) return null;
  view.dispatch({ effects: opened.of(from) });
  return remarks.map(({ label, message }) => `${label}: ${message}`).join('. ');
}

function lineRemarks(): Extension {
  return [
    remarksField,
    openField,
    gutter({
      class: 'cm-remark-gutter',
      markers: (view) => view.state.field(remarksField),
      lineMarkerChange: (update) =>
        update.startState.field(remarksField) !== update.state.field(remarksField),
      domEventHandlers: {
        mousedown: (view, { from }) => {
          const isOpen = view.state.field(openField) === from;
          if (remarksAt(view, from).length === 0 && !isOpen) return false;
          view.dispatch({ effects: opened.of(isOpen ? null : from) });
          return true;
        },
      },
    }),
    EditorView.domEventHandlers({
      // What floats over the editor must not stay over a dialog.
      blur: (_event, view) => {
        if (view.state.field(openField) !== null) view.dispatch({ effects: opened.of(null) });
      },
    }),
    keymap.of([
      {
        key: 'Escape',
        run: (view) => {
          if (view.state.field(openField) === null) return false;
          view.dispatch({ effects: opened.of(null) });
          return true;
        },
      },
    ]),
    look,
  ];
}

class RemarkMarker extends GutterMarker {
  readonly remarks: readonly LineRemark[];
  override elementClass: string;

  constructor(remarks: readonly LineRemark[]) {
    super();
    this.remarks = remarks;
    this.elementClass = remarks.some(({ kind }) => costly.has(kind))
      ? 'cm-remark cm-remark-costly'
      : 'cm-remark';
  }

  override eq(other: RemarkMarker): boolean {
    return other.remarks === this.remarks;
  }

  override toDOM(): Node {
    const text = document.createElement('span');
    text.textContent = [...new Set(this.remarks.map(({ kind }) => letters[kind] ?? '·'))]
      .slice(0, 3)
      .join('');
    text.title = this.remarks.map(({ label, message }) => `${label}: ${message}`).join('\n');
    return text;
  }
}

const remarksField = StateField.define<RangeSet<RemarkMarker>>({
  create: () => RangeSet.empty,
  update(markers, { changes, effects, state }) {
    let next = markers.map(changes);
    for (const effect of effects) {
      if (!effect.is(remarked)) continue;
      const byLine = Map.groupBy(
        effect.value.filter(({ line }) => line >= 1 && line <= state.doc.lines),
        ({ line }) => line,
      );
      next = RangeSet.of(
        [...byLine].map(([line, remarks]) => new RemarkMarker(remarks).range(state.doc.line(line).from)),
        true,
      );
    }
    return next;
  },
});

const openField = StateField.define<number | null>({
  create: () => null,
  update(open, { docChanged, effects }) {
    let next = docChanged ? null : open;
    for (const effect of effects) {
      if (effect.is(opened)) next = effect.value;
      if (effect.is(remarked)) next = null;
    }
    return next;
  },
  provide: (field) =>
    showTooltip.computeN([field], (state) => {
      const from = state.field(field);
      return from === null ? [] : [tooltipAt(from)];
    }),
});

function remarksAt(view: EditorView, from: number): readonly LineRemark[] {
  const found: LineRemark[] = [];
  view.state.field(remarksField, false)?.between(from, from, (_from, _to, { remarks }) => {
    found.push(...remarks);
  });
  return found;
}

const tooltipAt = (from: number): Tooltip => ({
  pos: from,
  above: false,
  create: (view) => {
    const dom = document.createElement('div');
    dom.className = 'cm-remarks';
    for (const remark of remarksAt(view, from)) dom.append(remarkElement(remark));
    return { dom };
  },
});

function remarkElement({ label, message, flow }: LineRemark): HTMLElement {
  const box = document.createElement('div');
  const name = document.createElement('strong');
  name.textContent = label;
  const words = document.createElement('code');
  words.lang = 'en';
  words.textContent = [
    message,
    ...flow.slice(0, SHOWN_STEPS),
    ...(flow.length > SHOWN_STEPS ? ['…'] : []),
  ].join('\n  ');
  box.append(name, ' ', words);
  return box;
}

const look = EditorView.baseTheme({
  '.cm-remark-gutter': { minWidth: '22px', cursor: 'pointer' },
  '.cm-remark': {
    font: '11px/inherit var(--ln-font-code)',
    textAlign: 'center',
    padding: '0 3px',
    color: 'var(--ln-text-dim)',
  },
  '.cm-remark-costly': { color: 'var(--ln-warn)', fontWeight: '600' },
  '.cm-remarks': {
    maxWidth: 'min(560px, 86vw)',
    maxHeight: '40vh',
    overflow: 'auto',
    padding: '4px 10px',
    fontFamily: 'var(--ln-font)',
    fontSize: 'var(--ln-size)',
  },
  '.cm-remarks code': {
    fontFamily: 'var(--ln-font-code)',
    fontSize: 'var(--ln-size-small)',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    color: 'var(--ln-text-dim)',
  },
});
