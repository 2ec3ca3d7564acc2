import { MAX_FILES, MAX_TEXT_BYTES, type FileEntry } from '@lineage/collab';
import { NoticeLine } from '../notice-line.tsx';
import { NEARLY_FULL } from '../state/nearly-full.ts';
import { kib, limitNumbers } from './archive-limits.ts';
import { useArchiveTexts } from './archive-texts.ts';
import { textBytes } from './plan-upload.ts';

/** How full the workspace is, from where on it matters. */
export function UsageNotice({ files }: { files: readonly FileEntry[] }) {
  const { t } = useArchiveTexts();
  const bytes = textBytes(files.map(({ path, text }) => ({ path, content: text.toString() })));
  const isNear = bytes > MAX_TEXT_BYTES * NEARLY_FULL || files.length > MAX_FILES * NEARLY_FULL;
  if (!isNear) return null;
  return (
    <NoticeLine tone="warn">{t('now', { ...limitNumbers, files: files.length, kib: kib(bytes) })}</NoticeLine>
  );
}
