import { readTree } from '@lineage/collab';
import { Download } from 'lucide-react';
import { useEffect, useId, useMemo, useState, type ChangeEvent } from 'react';
import type * as Y from 'yjs';
import { Dialog } from '../../../shared/ui/dialog.tsx';
import { Button } from '../../../shared/ui/index.ts';
import { applyTree } from '../tree/apply-tree.ts';
import type { Applied } from '../tree/applied-notice.tsx';
import { kib, limitNumbers } from './archive-limits.ts';
import { useArchiveTexts } from './archive-texts.ts';
import css from './archive.module.css';
import { planUpload, textBytes, type UploadPlan } from './plan-upload.ts';
import { ZipError, type ZipProblem } from './zip-error.ts';
import { MAX_UNPACKED_BYTES, MAX_ZIP_BYTES } from './zip-limits.ts';
import { readZip } from './zip-reader.ts';
import { writeZip } from './zip-writer.ts';
import { ZipPlan } from './zip-plan.tsx';

type Props = {
  doc: Y.Doc;
  /** What a downloaded zip is called. */
  name: string;
  canWrite: boolean;
  onApplied: (applied: Applied) => void;
  onClose: () => void;
};
type Chosen =
  | { readonly name: string; readonly state: 'reading' }
  | { readonly name: string; readonly state: 'problem'; readonly problem: ZipProblem }
  | { readonly name: string; readonly state: 'read'; readonly zip: Awaited<ReturnType<typeof readZip>> };

/** The files out as a zip, and a zip's files in; what would happen is shown before it does. */
export function ArchiveDialog({ doc, name, canWrite, onApplied, onClose }: Props) {
  const { t } = useArchiveTexts();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const limitsId = useId();
  const present = useTree(doc);
  const plan = useMemo(
    () => (chosen?.state === 'read' ? planUpload(chosen.zip, present) : null),
    [chosen, present],
  );
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    if (file === undefined) return;
    setChosen({ name: file.name, state: 'reading' });
    readFile(file).then(
      (zip) => setChosen({ name: file.name, state: 'read', zip }),
      (error: unknown) => {
        if (!(error instanceof ZipError)) reportError(error);
        setChosen({
          name: file.name,
          state: 'problem',
          problem: error instanceof ZipError ? error.problem : 'malformed',
        });
      },
    );
  };
  const putIn = (ready: UploadPlan): void => {
    const files = ready.files.filter(({ kind }) => kind !== 'same');
    const tree = applyTree(doc, files, { removeOthers: false });
    onApplied({ doc, tree, words: t('done', { count: files.length, name: chosen?.name ?? '' }) });
    onClose();
  };
  return (
    <Dialog title={t('title')} opened onClose={onClose} size={620}>
      <div className={css.part}>
        <p>{t('now', { ...limitNumbers, files: present.length, kib: kib(textBytes(present)) })}</p>
        <Button
          className={css.download}
          icon={<Download aria-hidden="true" />}
          onClick={() => void writeZip(present, new Date()).then((bytes) => save(bytes, name), reportError)}
        >
          {t('download')}
        </Button>
      </div>
      <h3 className={css.head}>{t('upload')}</h3>
      {!canWrite && <p>{t('readOnly')}</p>}
      {canWrite && (
        <div className={css.part}>
          <p id={limitsId}>{t('limits', limitNumbers)}</p>
          <input
            type="file"
            accept=".zip,application/zip"
            aria-label={t('choose')}
            aria-describedby={limitsId}
            className={css.input}
            onChange={choose}
          />
          {chosen?.state === 'reading' && <p role="status">{t('reading')}</p>}
          {chosen?.state === 'problem' && (
            <p role="alert" className={css.bad}>
              {t(`problem.${chosen.problem}`, limitNumbers)}
            </p>
          )}
          {plan !== null && <ZipPlan plan={plan} onPutIn={() => putIn(plan)} />}
        </div>
      )}
    </Dialog>
  );
}

/** Nothing of a file that is too large is even read. */
async function readFile(file: File): Promise<Awaited<ReturnType<typeof readZip>>> {
  if (file.size > MAX_ZIP_BYTES) throw new ZipError('too_large');
  return readZip(new Uint8Array(await file.arrayBuffer()), MAX_UNPACKED_BYTES);
}

/** The files as they are now: others may write while one looks. */
function useTree(doc: Y.Doc): ReturnType<typeof readTree> {
  const [tree, setTree] = useState(() => readTree(doc));
  useEffect(() => {
    const look = (): void => setTree(readTree(doc));
    look();
    doc.on('update', look);
    return () => doc.off('update', look);
  }, [doc]);
  return tree;
}

function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.zip`;
  link.click();
  URL.revokeObjectURL(address);
}
