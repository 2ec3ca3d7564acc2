import { Fragment } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { cx } from '../../shared/ui/index.ts';
import { ansiSpans, sourceLinks, type Span } from './ansi.ts';
import type { OutputLine } from './output-lines.ts';
import css from './output-pane.module.css';

export type OpenSource = (file: string, line: number) => void;

/** One line of output: colours as a terminal would show them, places in the source as buttons, all of it text. */
export function OutputLineView({ line, onOpenSource }: { line: OutputLine; onOpenSource: OpenSource }) {
  const { t } = useTranslation('runs');
  const { number } = useFormat();
  if (line.missing > 0) return <p className={css.gap}>{t('missing', { bytes: number(line.missing) })}</p>;
  const isError = line.stream === 'stderr';
  return (
    <div className={cx(css.line, isError && css.stderr)}>
      {isError && (
        <span className={css.mark} title={t('stderrName')}>
          {t('stderr')}
        </span>
      )}
      <span className={css.text}>
        {ansiSpans(line.text).map((span, at) => (
          <StyledSpan key={at} span={span} onOpenSource={onOpenSource} />
        ))}
      </span>
      {line.count > 1 && <span className={css.repeat}>{t('repeated', { count: line.count })}</span>}
    </div>
  );
}

function StyledSpan({ span, onOpenSource }: { span: Span; onOpenSource: OpenSource }) {
  const parts = [];
  let from = 0;
  for (const link of sourceLinks(span.text)) {
    parts.push(<Fragment key={from}>{span.text.slice(from, link.from)}</Fragment>);
    parts.push(
      <button
        key={`link${link.from}`}
        type="button"
        className={css.place}
        onClick={() => onOpenSource(link.file, link.line)}
      >
        {span.text.slice(link.from, link.to)}
      </button>,
    );
    from = link.to;
  }
  parts.push(<Fragment key={from}>{span.text.slice(from)}</Fragment>);
  return (
    <span className={cx(span.bold && css.bold, span.colour !== null && css[`colour${span.colour}`])}>
      {parts}
    </span>
  );
}
