import type { ReactNode } from 'react';
import css from './badge.module.css';
import { cx } from './class-names.ts';

/** A status in a word; `tone` colours it, the word carries it. */
export function Badge({
  tone = 'plain',
  children,
  title,
}: {
  tone?: 'plain' | 'accent' | 'ok' | 'warn' | 'bad';
  children: ReactNode;
  title?: string;
}) {
  return (
    <span className={cx(css.badge, css[tone])} title={title}>
      {children}
    </span>
  );
}
