import { goLanguage } from '@codemirror/lang-go';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef, useState } from 'react';
import { editorTheme } from '../../shared/code/editor-theme.ts';
import { pageNonce } from '../../shared/theme/index.ts';
import css from './history.module.css';

type Props = {
  label: string;
  isGo: boolean;
  content: string;
  /** Brings what changed into sight. */
  follow: boolean;
};

/** A text that changes by itself and cannot be written. */
export function CodeView({ label, isGo, content, follow }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  useEffect(() => {
    if (host.current === null) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        extensions: [
          EditorView.cspNonce.of(pageNonce()),
          lineNumbers(),
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.editorAttributes.of({ class: 'cm-reading' }),
          EditorView.contentAttributes.of({
            'aria-label': label,
            tabindex: '0',
            role: 'textbox',
            'aria-readonly': 'true',
          }),
          EditorState.tabSize.of(4),
          isGo ? goLanguage : [],
          changedLine,
          changedLook,
          editorTheme,
        ],
      }),
    });
    setView(made);
    return () => made.destroy();
  }, [label, isGo]);
  useEffect(() => {
    if (view !== null) show(view, content, follow);
  }, [view, content, follow]);
  return <div ref={host} className={css.host} />;
}

function show(view: EditorView, content: string, follow: boolean): void {
  const before = view.state.doc.toString();
  if (before === content) return;
  const most = Math.min(before.length, content.length);
  let from = 0;
  while (from < most && before[from] === content[from]) from += 1;
  let tail = 0;
  while (tail < most - from && before.at(-1 - tail) === content.at(-1 - tail)) tail += 1;
  const insert = content.slice(from, content.length - tail);
  const end = from + insert.length;
  const isFirst = before === '';
  view.dispatch({
    changes: { from, to: before.length - tail, insert },
    effects: [
      changedAt.of(isFirst ? null : end),
      ...(follow && !isFirst ? [EditorView.scrollIntoView(end, { y: 'nearest', yMargin: 40 })] : []),
    ],
  });
}

const changedAt = StateEffect.define<number | null>();
const changedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, state }) {
    let next = marks;
    for (const effect of effects) {
      if (!effect.is(changedAt)) continue;
      next =
        effect.value === null
          ? Decoration.none
          : Decoration.set([
              Decoration.line({ class: 'cm-just-changed' }).range(
                state.doc.lineAt(Math.min(effect.value, state.doc.length)).from,
              ),
            ]);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});
const changedLook = EditorView.baseTheme({
  '.cm-just-changed': {
    backgroundColor: 'var(--ln-accent-soft)',
    boxShadow: 'inset 3px 0 0 var(--ln-accent)',
  },
});
