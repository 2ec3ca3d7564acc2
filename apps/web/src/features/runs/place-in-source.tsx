import type { ReactNode } from 'react';
import css from './output-pane.module.css';
import type { Source } from './output-line.tsx';

type Props = { file: string; line: number; source: Source; children: ReactNode };

/** A place that a compiler or a program names: a button for a file of the workspace, words for every other one. */
export function PlaceInSource({ file, line, source, children }: Props) {
  // Hidden checks and Go's own code are no files here.
  if (!source.has(file)) return <code>{children}</code>;
  return (
    <button type="button" className={css.place} onClick={() => source.open(file, line)}>
      {children}
    </button>
  );
}
