import { useMemo } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { unifiedPatch, type FileText } from '../../shared/text/line-diff.ts';
import { cx } from '../../shared/ui/index.ts';
import css from './history.module.css';

/** Lines of a patch that are drawn: more is no longer read, and slows the page. */
const MAX_LINES = 2_000;

/** What differs between two trees, as a patch. */
export function ChangesView({ before, after }: { before: readonly FileText[]; after: readonly FileText[] }) {
  const { t } = useTranslation('history');
  const lines = useMemo(() => unifiedPatch(before, after).split(/(?<=\n)/), [before, after]);
  if (lines.join('') === '') return <p className={css.empty}>{t('noChanges')}</p>;
  return (
    <>
      {lines.length > MAX_LINES && <p className={css.empty}>{t('cut', { count: MAX_LINES })}</p>}
      <pre className={css.patch} tabIndex={0} aria-label={t('changes')}>
        {lines.slice(0, MAX_LINES).map((line, index) => (
          <span key={index} className={cx(css.line, css[kindOf(line)])}>
            {line}
          </span>
        ))}
      </pre>
    </>
  );
}

function kindOf(line: string): 'hunk' | 'added' | 'removed' | 'same' {
  if (/^(--- |\+\+\+ |@@|\\)/.test(line)) return 'hunk';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}
