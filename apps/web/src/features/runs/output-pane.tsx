import { CircleAlert, WrapText } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Badge, Button } from '../../shared/ui/index.ts';
import type { RunFold } from './fold-run.ts';
import { BLOCK_LINES, OutputBlock } from './output-block.tsx';
import type { Source } from './output-line.tsx';
import { outputLines } from './output-lines.ts';
import css from './output-pane.module.css';
import { PlaceInSource } from './place-in-source.tsx';
import { PrintingNow } from './printing-now.tsx';
import { StdinBox } from './stdin-box.tsx';
import { useVerdict } from './use-verdict.ts';

/** This near to the end counts as reading along. */
const AT_END_PX = 24;

type Props = {
  runId: string;
  fold: RunFold;
  canType: boolean;
  source: Source;
  onTab: (tab: 'crash') => void;
};

/** What the program wrote, what the compiler said, how it ended. */
export function OutputPane({ runId, fold, canType, source, onTab }: Props) {
  const { t } = useTranslation('runs');
  const [query, setQuery] = useState('');
  const lines = useMemo(() => outputLines(fold.output), [fold.output]);
  const found =
    query === '' ? lines : lines.filter(({ text }) => text.toLowerCase().includes(query.toLowerCase()));
  const { box, content } = useStickToEnd(found.length);
  return (
    <div className={css.pane}>
      <div className={css.tools}>
        <Verdict fold={fold} />
        {fold.crash !== null && (
          <Button look="quiet" onClick={() => onTab('crash')}>
            {t('toCrash', { count: fold.crash.goroutines.length })}
          </Button>
        )}
        <span className={css.space} />
        {query !== '' && (
          <span className={css.dim} role="status">
            {t('found', { count: found.length })}
          </span>
        )}
        <input
          type="search"
          className={css.search}
          value={query}
          aria-label={t('search')}
          placeholder={t('search')}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      <div ref={box} className={css.scroll} tabIndex={0} role="region" aria-label={t('tabs.output')}>
        <Problems fold={fold} source={source} />
        <Unformatted fold={fold} source={source} />
        <div ref={content} className={css.lines}>
          {Array.from({ length: Math.ceil(found.length / BLOCK_LINES) }, (_, at) => (
            <OutputBlock
              key={at}
              lines={found}
              from={at * BLOCK_LINES}
              to={Math.min(found.length, (at + 1) * BLOCK_LINES)}
              source={source}
            />
          ))}
        </div>
        {lines.length === 0 && fold.diagnostics.length === 0 && fold.formatted.length === 0 && (
          <p className={css.dim}>
            {fold.end === null ? t('waitingOutput') : hasRun(fold) ? t('silent') : ''}
          </p>
        )}
      </div>
      {fold.end === null && <PrintingNow runId={runId} source={source} />}
      {canType && fold.end === null && <StdinBox runId={runId} />}
    </div>
  );
}

/** What looks at the source alone writes nothing, and that is no silence. */
const hasRun = ({ stages }: RunFold): boolean => stages.some(({ name }) => name === 'run');

function Problems({ fold, source }: { fold: RunFold; source: Source }) {
  const { t } = useTranslation('runs');
  if (fold.diagnostics.length === 0) return null;
  return (
    <section className={css.problems}>
      <h2>{t('problems', { count: fold.diagnostics.length })}</h2>
      <ul>
        {fold.diagnostics.map((problem, at) => (
          <li key={at}>
            <CircleAlert size={14} aria-hidden="true" />
            <PlaceInSource file={problem.path} line={problem.line} source={source}>
              {problem.path}:{problem.line}
            </PlaceInSource>
            <span>{problem.message}</span>
            {problem.rule !== undefined && <code className={css.dim}>{problem.rule}</code>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Unformatted({ fold, source }: { fold: RunFold; source: Source }) {
  const { t } = useTranslation('runs');
  if (fold.formatted.length === 0) return null;
  return (
    <section className={css.problems}>
      <h2>{t('unformatted')}</h2>
      <ul>
        {fold.formatted.map(({ path }) => (
          <li key={path}>
            <WrapText size={14} aria-hidden="true" />
            <PlaceInSource file={path} line={1} source={source}>
              {path}
            </PlaceInSource>
          </li>
        ))}
      </ul>
      <p className={css.dim}>{t('unformattedHint')}</p>
    </section>
  );
}

const tones = {
  passed: 'ok',
  failed: 'bad',
  timed_out: 'warn',
  limited: 'warn',
  cancelled: 'plain',
  errored: 'bad',
} as const;

/** How it ended, and how far that can be relied on. */
export function Verdict({ fold }: { fold: RunFold }) {
  const { t } = useTranslation('runs');
  const verdict = useVerdict(fold);
  if (fold.end === null || verdict === null) return null;
  return (
    <p className={css.verdict} data-verdict={fold.end.verdict}>
      <Badge tone={tones[fold.end.verdict]}>{t(`state.${fold.end.verdict}`)}</Badge> {verdict.sentence}{' '}
      {verdict.detail !== null && (
        <q className={css.detail} lang="en" title={t('detailHint')}>
          {verdict.detail}
        </q>
      )}{' '}
      {fold.end.selfReported && (
        <Badge tone="plain" title={t('selfReportedHint')}>
          {t('selfReported')}
        </Badge>
      )}{' '}
      {fold.end.noisy && (
        <Badge tone="warn" title={t('noisyHint')}>
          {t('noisy')}
        </Badge>
      )}
    </p>
  );
}

/**
 * Stays at the end while one reads along; scrolling up stops it. Lines that are drawn only now, and what comes and goes below
 * the box, change heights without anybody having scrolled.
 */
function useStickToEnd(count: number) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || content.current === null) return;
    let before = element.scrollTop;
    const onScroll = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      if (scrollHeight - scrollTop - clientHeight < AT_END_PX) atEnd.current = true;
      else if (scrollTop < before) atEnd.current = false;
      before = scrollTop;
    };
    const observer = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    observer.observe(content.current);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, []);
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [count]);
  return { box, content };
}
