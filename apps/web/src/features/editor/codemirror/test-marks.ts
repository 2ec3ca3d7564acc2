import { type EditorState, type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { EditorView, gutter, GutterMarker } from '@codemirror/view';

/** How tests are run from the gutter: what a mark is called, and what it does. */
export type TestRunner = { readonly label: (name: string) => string; readonly run: (name: string) => void };

/** As `go test` names them: after the prefix no lower-case letter. */
const testLine = /^func ((?:Test|Benchmark|Fuzz|Example)(?:[^\p{Ll}\W]\w*|_\w*)?)\(/u;
/** A file with more lines than any that a person writes is not looked through. */
const MOST_LINES = 10_000;

const runner = StateEffect.define<TestRunner | null>();

/** Marks the tests of a file with a button that runs them; null takes the marks away. */
export function showTests(view: EditorView, tests: TestRunner | null): void {
  if (view.state.field(runnerField, false) === undefined)
    view.dispatch({ effects: StateEffect.appendConfig.of(testMarks()) });
  view.dispatch({ effects: runner.of(tests) });
}

/** The test that the caret is in: the last one that begins at or above its line. */
export function testAtCaret({ doc, selection }: EditorState): string | null {
  for (let at = doc.lineAt(selection.main.head).number; at >= 1; at -= 1) {
    const { text } = doc.line(at);
    const name = testLine.exec(text)?.[1];
    if (name !== undefined) return name;
    // Another function begins here, so the caret is in no test.
    if (text.startsWith('func ')) return null;
  }
  return null;
}

/** The tests of a text with the lines on which they begin. */
export function testsIn({ doc }: Pick<EditorState, 'doc'>): { name: string; from: number }[] {
  const found: { name: string; from: number }[] = [];
  if (doc.lines > MOST_LINES) return found;
  let from = 0;
  for (const line of doc.iterLines()) {
    const name = testLine.exec(line)?.[1];
    if (name !== undefined) found.push({ name, from });
    from += line.length + 1;
  }
  return found;
}

const testMarks = (): Extension => [
  runnerField,
  marksField,
  gutter({
    class: 'cm-test-gutter',
    markers: (view) => view.state.field(marksField),
    lineMarkerChange: (update) => update.startState.field(marksField) !== update.state.field(marksField),
    domEventHandlers: {
      mousedown: (view, { from }) => {
        let name: string | null = null;
        view.state.field(marksField).between(from, from, (_from, _to, mark) => {
          name = mark.name;
        });
        const tests = view.state.field(runnerField);
        if (name === null || tests === null) return false;
        tests.run(name);
        return true;
      },
    },
  }),
  EditorView.baseTheme({
    '.cm-test-gutter': { minWidth: '20px', cursor: 'pointer' },
    '.cm-test-mark': { textAlign: 'center', color: 'var(--ln-ok)' },
  }),
];

class TestMark extends GutterMarker {
  readonly name: string;
  readonly label: string;
  override elementClass = 'cm-test-mark';

  constructor(name: string, label: string) {
    super();
    this.name = name;
    this.label = label;
  }

  override eq(other: TestMark): boolean {
    return other.name === this.name && other.label === this.label;
  }

  override toDOM(): Node {
    const sign = document.createElement('span');
    sign.textContent = '▶';
    sign.title = this.label;
    return sign;
  }
}

const runnerField = StateField.define<TestRunner | null>({
  create: () => null,
  update: (tests, { effects }) =>
    effects.reduce((last, effect) => (effect.is(runner) ? effect.value : last), tests),
});

const marksField = StateField.define<RangeSet<TestMark>>({
  create: () => RangeSet.empty,
  update(marks, { docChanged, effects, state }) {
    if (!docChanged && !effects.some((effect) => effect.is(runner))) return marks;
    const tests = state.field(runnerField);
    if (tests === null) return RangeSet.empty;
    return RangeSet.of(
      testsIn(state).map(({ name, from }) => new TestMark(name, tests.label(name)).range(from)),
      true,
    );
  },
});
