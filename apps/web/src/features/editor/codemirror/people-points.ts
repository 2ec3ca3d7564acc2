import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';

/** A line that a person points at, by where it begins. */
export type PersonPoint = {
  readonly index: number;
  readonly hue: number;
  readonly name: string;
  /** Another one means that the person pointed again: it glows anew. */
  readonly nonce: number;
};

const pointed = StateEffect.define<readonly PersonPoint[]>();

/** Lines that people point at: tinted in their colour, with their name behind the text, for as long as they point. */
export function peoplePoints(): Extension {
  return [points, pointsTheme];
}

/** Shows these and no others. Needs no view of who came before: what stays the same is not drawn again. */
export function showPoints(view: EditorView, shown: readonly PersonPoint[]): void {
  const known = view.state.field(points);
  if (shown.length > 0 || known.size > 0) view.dispatch({ effects: pointed.of(shown) });
}

const points = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects, state: { doc } }) {
    let next = marks.map(changes);
    for (const effect of effects) {
      if (!effect.is(pointed)) continue;
      next = Decoration.set(
        effect.value.flatMap((point) => {
          const { from, to } = doc.lineAt(Math.min(point.index, doc.length));
          const glow = Decoration.line({ class: `cm-person-point cm-person-${point.hue % 12}` });
          return [glow.range(from), Decoration.widget({ widget: new Pointer(point), side: 1 }).range(to)];
        }),
        true,
      );
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

class Pointer extends WidgetType {
  readonly point: PersonPoint;

  constructor(point: PersonPoint) {
    super();
    this.point = point;
  }

  override eq({ point }: Pointer): boolean {
    const { name, hue, nonce } = this.point;
    return point.name === name && point.hue === hue && point.nonce === nonce;
  }

  override toDOM(): HTMLElement {
    const label = document.createElement('span');
    label.className = `cm-person-pointer cm-person-${this.point.hue % 12}`;
    // Who listens is told in a sentence.
    label.setAttribute('aria-hidden', 'true');
    label.textContent = `\u25c2 ${this.point.name}`;
    return label;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const pointsTheme = EditorView.baseTheme({
  '.cm-person-point': {
    boxShadow: 'inset 3px 0 0 var(--cm-person)',
    backgroundColor: 'color-mix(in srgb, var(--cm-person) 12%, transparent)',
    animation: 'cm-person-point 1.2s ease-out',
  },
  '.cm-person-pointer': {
    marginLeft: '2ch',
    padding: '0 6px',
    borderRadius: '3px',
    backgroundColor: 'var(--cm-person)',
    color: 'var(--ln-on-person)',
    font: '500 11px/16px var(--ln-font)',
    whiteSpace: 'nowrap',
    pointerEvents: 'none',
  },
  '@keyframes cm-person-point': {
    from: { backgroundColor: 'color-mix(in srgb, var(--cm-person) 50%, transparent)' },
  },
});
