import { Fragment } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { cx } from '../../shared/ui/index.ts';
import { ansiSpans, sourceLinks, type Span } from './ansi.ts';
import type { OutputLine } from './output-lines.ts';
import { PlaceInSource } from './place-in-source.tsx';
import css from './output-pane.module.css';

/** The code that was run: which files it has, and how a line of them is shown. */
export type Source = {
  readonly has: (file: string) => boolean;
  readonly open: (file: string, line: number) => void;
  /** Adds a file to the workspace as one's own edit, which can be undone; `words` say what was done. False when it could not. */
  readonly add: (path: string, content: string, words: string) => Promise<boolean>;
};

type Props = {
  line: OutputLine;
  /** The line above, if there is one: what it says of the stream need not be said again. */
  before?: OutputLine | undefined;
  source: Source;
};

/** One line of output: colours as a terminal would show them, places in the source as buttons, all of it text. */
export function OutputLineView({ line, before, source }: Props) {
  const { t } = useTranslation('runs');
  const { number } = useFormat();
  if (line.missing > 0) return <p className={css.gap}>{t('missing', { bytes: number(line.missing) })}</p>;
  const isError = line.stream === 'stderr';
  return (
    <div className={cx(css.line, isError && css.stderr)}>
      {isError && (
        <span className={cx(css.mark, before?.stream === 'stderr' && css.again)} title={t('stderrName')}>
          {t('stderr')}
        </span>
      )}
      <span className={css.text}>
        {ansiSpans(line.text).map((span, at) => (
          <StyledSpan key={at} span={span} source={source} />
        ))}
      </span>
      {line.count > 1 && <span className={css.repeat}>{t('repeated', { count: line.count })}</span>}
    </div>
  );
}

function StyledSpan({ span, source }: { span: Span; source: Source }) {
  const parts = [];
  let from = 0;
  for (const link of sourceLinks(span.text).filter(({ file }) => source.has(file))) {
    parts.push(<Fragment key={from}>{span.text.slice(from, link.from)}</Fragment>);
    parts.push(
      <PlaceInSource key={`link${link.from}`} file={link.file} line={link.line} source={source}>
        {span.text.slice(link.from, link.to)}
      </PlaceInSource>,
    );
    from = link.to;
  }
  parts.push(<Fragment key={from}>{span.text.slice(from)}</Fragment>);
  return (
    <span
      className={cx(
        span.bold && css.bold,
        span.underlined && css.underlined,
        span.colour !== null && css[`colour${span.colour}`],
      )}
    >
      {parts}
    </span>
  );
}
