import type { TraceView } from '@lineage/contracts';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { cx } from '../../../shared/ui/index.ts';
import type { Source } from '../output-line.tsx';
import { PlaceInSource } from '../place-in-source.tsx';
import table from '../findings/runtime-pane.module.css';
import { shortFunction } from '../findings/stack-list.tsx';
import { timesIn, type Lane, type Span, type TraceContent } from './lanes.ts';
import { letters } from './paint-trace.ts';
import type { Reach } from './reach.ts';
import css from './trace.module.css';
import type { TraceWords } from './use-trace-words.ts';

/** More than anybody reads; zooming in shows the others. */
const MOST_ROWS = 200;

type Props = {
  lanes: readonly Lane[];
  content: TraceContent;
  marks: TraceView['marks'];
  reach: Reach;
  words: TraceWords;
  source: Source;
  chosen: number;
  onChoose: (lane: number) => void;
};

/** The drawing's twin: what each lane did in the part that is looked at, the spans of one lane, and the marks. */
export function TraceTable({ lanes, content, marks, reach, words, source, chosen, onChoose }: Props) {
  const { t } = useTranslation('trace');
  const lane = lanes[chosen];
  const spans = (lane === undefined ? [] : content.of(lane).spans)
    .filter(({ fromMs, toMs }) => toMs >= reach.fromMs && fromMs <= reach.toMs)
    .toSorted((a, b) => a.fromMs - b.fromMs);
  return (
    <div className={css.tables} role="region" tabIndex={0} aria-label={t('title')}>
      <p className={css.dim}>
        {t('inSight', { from: words.time(reach.fromMs), to: words.time(reach.toMs) })}
      </p>
      <LaneTable {...{ lanes, content, reach, words, chosen, onChoose }} />
      <h3>
        {lane === undefined || lane.kind === 'all' ? t('spansHint') : t('spans', { who: words.lane(lane) })}
      </h3>
      {spans.length > 0 && <SpanTable {...{ spans, words, source }} />}
      {spans.length > MOST_ROWS && (
        <p className={css.dim}>{t('moreSpans', { count: spans.length - MOST_ROWS })}</p>
      )}
      {marks.length > 0 && <MarkTable {...{ marks, reach, words }} />}
    </div>
  );
}

type LaneProps = Pick<Props, 'lanes' | 'content' | 'reach' | 'words' | 'chosen' | 'onChoose'>;

function LaneTable({ lanes, content, reach, words, chosen, onChoose }: LaneProps) {
  const { t } = useTranslation('trace');
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('lane')}</th>
          {(['running', 'runnable', 'syscall'] as const).map((state) => (
            <th key={state} scope="col">
              {t(`state.${state}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lanes.map((lane, at) => {
          const times = timesIn(content.of(lane), reach);
          return (
            <tr key={lane.key}>
              <th scope="row">
                <button
                  type="button"
                  className={cx(css.lane, at === chosen && css.chosen)}
                  aria-pressed={at === chosen}
                  onClick={() => onChoose(at)}
                >
                  {words.lane(lane)}
                </button>
              </th>
              <td>{words.time(times.running)}</td>
              <td>{words.time(times.runnable)}</td>
              <td>{words.time(times.syscall)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function SpanTable({ spans, words, source }: { spans: readonly Span[] } & Pick<Props, 'words' | 'source'>) {
  const { t } = useTranslation('trace');
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('from')}</th>
          <th scope="col">{t('length')}</th>
          <th scope="col">{t('what')}</th>
          <th scope="col">{t('where')}</th>
        </tr>
      </thead>
      <tbody>
        {spans.slice(0, MOST_ROWS).map((span, at) => (
          <tr key={at}>
            <th scope="row">{words.time(span.fromMs)}</th>
            <td>{words.time(span.toMs - span.fromMs)}</td>
            <td>
              {span.state === 'idle' ? '' : `${letters[span.state]} · `}
              {t(`state.${span.state}`)} {span.reason !== '' && t('why', { reason: span.reason })}{' '}
              {span.proc >= 0 && t('onProc', { id: span.proc })}
            </td>
            <td>
              {span.call !== null && (
                <>
                  <code>{shortFunction(span.call.function)}</code>{' '}
                  <PlaceInSource file={span.call.path} line={span.call.line} source={source}>
                    {words.place(span.call)}
                  </PlaceInSource>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MarkTable({ marks, reach, words }: Pick<Props, 'marks' | 'reach' | 'words'>) {
  const { t } = useTranslation('trace');
  const { number } = useFormat();
  const shown = marks.filter(({ fromMs, toMs }) => toMs >= reach.fromMs && fromMs <= reach.toMs);
  return (
    <>
      <h3>
        {t('marks')} {number(shown.length)}
      </h3>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('from')}</th>
            <th scope="col">{t('length')}</th>
            <th scope="col">{t('kind')}</th>
            <th scope="col">{t('name')}</th>
            <th scope="col">{t('lane')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, MOST_ROWS).map((mark, at) => (
            <tr key={at}>
              <th scope="row">{words.time(mark.fromMs)}</th>
              <td>{words.time(mark.toMs - mark.fromMs)}</td>
              <td>{t(`mark.${mark.kind}`)}</td>
              <td lang="en">
                {mark.name} {mark.text}
              </td>
              <td>{mark.goroutine > 0 && words.goroutine(mark.goroutine)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
