import { useMemo, useState } from 'react';
import { Dialog } from '../../../shared/ui/dialog.tsx';
import { Button } from '../../../shared/ui/index.ts';
import { useAwayTexts } from './away-texts.ts';
import { unifiedPatch, type FileText } from '../../../shared/text/line-diff.ts';
import css from './lost-dialog.module.css';

type Props = { mine: readonly FileText[]; theirs: readonly FileText[]; onClose: () => void };

/** Text that could not be saved, as a patch against what is on the server now. */
export function LostDialog({ mine, theirs, onClose }: Props) {
  const { t } = useAwayTexts();
  const patch = useMemo(() => unifiedPatch(theirs, mine), [mine, theirs]);
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(patch).then(() => setCopied(true), reportError);
  };
  return (
    <Dialog title={t('title')} opened onClose={onClose} size={720}>
      <p>{t(patch === '' ? 'nothing' : 'text')}</p>
      {patch !== '' && (
        <>
          <pre className={css.patch} tabIndex={0} aria-label={t('region')}>
            {patch.split(/(?<=\n)/).map((line, index) => (
              <span key={index} className={css[kindOf(line)]}>
                {line}
              </span>
            ))}
          </pre>
          <div className={css.actions}>
            <Button onClick={() => save(patch)}>{t('download')}</Button>
            <Button look="primary" onClick={copy}>
              {t(copied ? 'copied' : 'copy')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function kindOf(line: string): 'head' | 'added' | 'removed' | 'same' {
  if (/^(---|\+\+\+|@@|\\)/.test(line)) return 'head';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}

function save(patch: string): void {
  const address = URL.createObjectURL(new Blob([patch], { type: 'text/x-patch' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'unsaved.patch';
  link.click();
  URL.revokeObjectURL(address);
}
