import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, gutter, GutterMarker } from '@codemirror/view';

/** A line that somebody points at; `hue` is their colour's index, null for one's own. */
export type PointedLine = { readonly line: number; readonly hue: number | null };
/** Share (0..1) of a measure that a line is responsible for. */
export type LineHeat = { readonly line: number; readonly share: number };

const pointed = StateEffect.define<readonly PointedLine[]>();
const heated = StateEffect.define<readonly LineHeat[]>();
/** Steps of colour in the heat gutter; the share is in words too. */
const HEAT_STEPS = 5;

/** Lines that glow because they were pointed at, and a gutter that shows where a measure goes. */
export function lineMarks(): Extension {
  return [points, heat, heatGutter, marksTheme];
}

/** Makes these lines glow and scrolls to the last one when `scroll`. Lines past the end are taken as the last line. */
export function pointAt(view: EditorView, lines: readonly PointedLine[], scroll: boolean): void {
  const last = lines.at(-1);
  const effects: StateEffect<unknown>[] = [pointed.of(lines)];
  if (scroll && last !== undefined) {
    const { from } = lineOf(view, last.line);
    effects.push(EditorView.scrollIntoView(from, { y: 'center' }));
  }
  view.dispatch({ effects });
}

export function showHeat(view: EditorView, lines: readonly LineHeat[]): void {
  view.dispatch({ effects: heated.of(lines) });
}

function lineOf(view: EditorView, line: number): { from: number } {
  const { doc } = view.state;
  return doc.line(Math.max(1, Math.min(line, doc.lines)));
}

const points = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects, state }) {
    let next = marks.map(changes);
    for (const effect of effects) {
      if (!effect.is(pointed)) continue;
      const ranges = effect.value.map(({ line, hue }) => {
        const at = state.doc.line(Math.max(1, Math.min(line, state.doc.lines))).from;
        return Decoration.line({ class: `cm-pointed${hue === null ? '' : ` cm-person-${hue % 12}`}` }).range(
          at,
        );
      });
      next = Decoration.set(ranges, true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

class HeatMarker extends GutterMarker {
  readonly share: number;
  readonly step: number;

  constructor(share: number) {
    super();
    this.share = share;
    this.step = Math.max(1, Math.min(HEAT_STEPS, Math.ceil(share * HEAT_STEPS)));
    this.elementClass = `cm-heat cm-heat-${this.step}`;
  }

  override elementClass: string;

  override eq(other: HeatMarker): boolean {
    return other.share === this.share;
  }

  override toDOM(): Node {
    const text = document.createElement('span');
    const percent = this.share * 100;
    text.textContent = percent < 1 ? '<1%' : `${Math.round(percent)}%`;
    return text;
  }
}

const heat = StateField.define<RangeSet<HeatMarker>>({
  create: () => RangeSet.empty,
  update(marks, { changes, effects, state }) {
    let next = marks.map(changes);
    for (const effect of effects) {
      if (!effect.is(heated)) continue;
      const known = effect.value.filter(
        ({ line, share }) => line >= 1 && line <= state.doc.lines && share > 0,
      );
      const byLine = new Map(known.map((entry) => [entry.line, entry.share]));
      next = RangeSet.of(
        [...byLine].map(([line, share]) => new HeatMarker(share).range(state.doc.line(line).from)),
        true,
      );
    }
    return next;
  },
});

const heatGutter = gutter({
  class: 'cm-heat-gutter',
  markers: (view) => view.state.field(heat),
  lineMarkerChange: (update) => update.startState.field(heat) !== update.state.field(heat),
});

const steps = Object.fromEntries(
  Array.from({ length: HEAT_STEPS }, (_, i) => [
    `.cm-heat-${i + 1}`,
    { backgroundColor: `color-mix(in srgb, var(--ln-warn) ${(i + 1) * 12}%, transparent)` },
  ]),
);

const marksTheme = EditorView.baseTheme({
  ...steps,
  '.cm-heat': {
    font: '11px/inherit var(--ln-font-code)',
    textAlign: 'right',
    padding: '0 4px',
    color: 'var(--ln-text)',
  },
  '.cm-pointed': {
    '--cm-glow': 'var(--cm-person, var(--ln-accent))',
    boxShadow: 'inset 3px 0 0 var(--cm-glow)',
    backgroundColor: 'color-mix(in srgb, var(--cm-glow) 12%, transparent)',
    animation: 'cm-pointed 1.2s ease-out',
  },
  '@keyframes cm-pointed': {
    from: { backgroundColor: 'color-mix(in srgb, var(--cm-glow) 45%, transparent)' },
  },
});
