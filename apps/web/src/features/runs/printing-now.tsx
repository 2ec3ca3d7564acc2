import { useMemo } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useRunPrinting } from '../../shared/socket/index.ts';
import { OutputLineView, type Source } from './output-line.tsx';
import { outputLines } from './output-lines.ts';
import css from './output-pane.module.css';

/** As much as fits beside the output: it is there to be seen moving. */
const LINES = 4;

/** The newest of what a program prints beyond what is kept, while it runs. Not read out: it changes ten times a second. */
export function PrintingNow({ runId, source }: { runId: string; source: Source }) {
  const { t } = useTranslation('runs');
  const printing = useRunPrinting(runId);
  const lines = useMemo(
    () => (printing === null ? [] : outputLines([{ ...printing, droppedBefore: 0 }]).slice(-LINES)),
    [printing],
  );
  if (printing === null) return null;
  return (
    <section className={css.now} aria-label={t('printingNow')}>
      <p className={css.dim}>{t('printingNow')}</p>
      <div className={css.lines}>
        {lines.map((line, at) => (
          <OutputLineView key={at} line={line} before={lines[at - 1]} source={source} />
        ))}
      </div>
    </section>
  );
}
