import type { ReactNode } from 'react';
import css from './runtime-pane.module.css';

/** Rows of a table; a program that collects a thousand times has them in its output. */
export const ROWS = 200;

type Props = { caption: string; columns: readonly string[]; children: ReactNode };

/** Records of the runtime, a row each. A table wider than the pane is moved in a box of its own, by keys too. */
export function RecordTable({ caption, columns, children }: Props) {
  return (
    <div className={css.box} role="group" tabIndex={0} aria-label={caption}>
      <table className={css.table}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
