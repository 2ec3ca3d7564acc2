import type { ReactNode } from 'react';
import css from './workspace-editor.module.css';

/** One sentence above the code, with the ways out beside it. */
export function NoticeLine({
  tone = 'plain',
  actions = [],
  children,
}: {
  tone?: 'plain' | 'warn' | 'bad';
  actions?: readonly ReactNode[];
  children: ReactNode;
}) {
  return (
    <div className={css.line} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <p>{children}</p>
      {actions.map((action, index) => (
        <span key={index} className={css.action}>
          {action}
        </span>
      ))}
    </div>
  );
}
