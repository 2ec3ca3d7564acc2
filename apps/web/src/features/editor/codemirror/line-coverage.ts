import { type Extension, RangeSet, StateEffect, StateField, type Transaction } from '@codemirror/state';
import { EditorView, gutter, GutterMarker } from '@codemirror/view';
import { linesNow } from './line-sums.ts';

/** Whether a line ran, how often, and that in words. */
export type CoveredLine = {
  readonly line: number;
  readonly state: 'covered' | 'uncovered' | 'partly';
  readonly count: number;
  readonly label: string;
};
/** What of a file ran; `lineSums` are of the text that did. */
export type CoveredText = { readonly lineSums: readonly number[]; readonly lines: readonly CoveredLine[] };

const covered = StateEffect.define<CoveredText | null>();

/**
 * Marks the lines that ran and those that did not, as far as they are still what ran. A mark moves with its line, and goes
 * when the line is changed. Null takes the marks away.
 */
export function showCoverage(view: EditorView, text: CoveredText | null): void {
  if (view.state.field(marksField, false) === undefined)
    view.dispatch({ effects: StateEffect.appendConfig.of(coverageMarks()) });
  view.dispatch({ effects: covered.of(text) });
}

class CoverageMark extends GutterMarker {
  readonly line: CoveredLine;
  override elementClass: string;

  constructor(line: CoveredLine) {
    super();
    this.line = line;
    this.elementClass = `cm-covers cm-covers-${line.state}`;
  }

  override eq(other: CoverageMark): boolean {
    return other.line.state === this.line.state && other.line.label === this.line.label;
  }

  override toDOM(): Node {
    const text = document.createElement('span');
    text.textContent = short(this.line);
    text.title = this.line.label;
    return text;
  }
}

/** As narrow as it can be; what is exact is in the title. */
function short({ state, count }: CoveredLine): string {
  if (state === 'partly') return '◐';
  if (count < 1_000) return String(count);
  return count < 1_000_000 ? `${Math.floor(count / 1_000)}k` : `${Math.min(999, Math.floor(count / 1e6))}M`;
}

function marksOf({ doc }: Transaction['state'], { lineSums, lines }: CoveredText): RangeSet<CoverageMark> {
  const now = linesNow(lineSums, doc.iterLines());
  return RangeSet.of(
    lines.flatMap((line) => {
      const at = now.get(line.line);
      return at === undefined || at > doc.lines ? [] : [new CoverageMark(line).range(doc.line(at).from)];
    }),
    true,
  );
}

const marksField = StateField.define<RangeSet<CoverageMark>>({
  create: () => RangeSet.empty,
  update(marks, { changes, effects, state, docChanged }) {
    let next = docChanged ? mapped(marks, changes, state) : marks;
    for (const effect of effects)
      if (effect.is(covered)) next = effect.value === null ? RangeSet.empty : marksOf(state, effect.value);
    return next;
  },
});

/** A line that was changed is not the one that ran. */
function mapped(
  marks: RangeSet<CoverageMark>,
  changes: Transaction['changes'],
  { doc }: Transaction['state'],
): RangeSet<CoverageMark> {
  const touched: { from: number; to: number }[] = [];
  changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    // Text that ends with a line's end leaves the next line as it was.
    const to = toB > fromB && doc.sliceString(toB - 1, toB) === '\n' ? toB - 1 : toB;
    touched.push({ from: doc.lineAt(fromB).from, to });
  }, true);
  return marks.map(changes).update({
    filter: (from) => {
      const line = doc.lineAt(from);
      return line.from === from && !touched.some((range) => from >= range.from && from <= range.to);
    },
  });
}

const coverageMarks = (): Extension => [
  marksField,
  gutter({
    class: 'cm-coverage-gutter',
    markers: (view) => view.state.field(marksField),
    lineMarkerChange: (update) => update.startState.field(marksField) !== update.state.field(marksField),
  }),
  EditorView.baseTheme({
    '.cm-covers': {
      font: '11px/inherit var(--ln-font-code)',
      textAlign: 'right',
      padding: '0 4px',
      borderInlineEnd: '3px solid var(--ln-ok)',
      color: 'var(--ln-text-dim)',
    },
    '.cm-covers-partly': { borderInlineEndStyle: 'dashed', borderInlineEndColor: 'var(--ln-warn)' },
    '.cm-covers-uncovered': {
      borderInlineEndStyle: 'double',
      borderInlineEndColor: 'var(--ln-bad)',
      color: 'var(--ln-bad)',
      fontWeight: '600',
    },
  }),
];
