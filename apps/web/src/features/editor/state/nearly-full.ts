import { MAX_FILES, MAX_TEXT_BYTES, type FileEntry } from '@lineage/collab';

/** Share of a limit from which on people are told how much there is: time enough to tidy up. */
export const NEARLY_FULL = 0.8;
/** A UTF-16 unit has at most three bytes of UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/** Whether a workspace may be near a limit, without measuring its text. */
export const mayBeNearlyFull = (files: readonly Pick<FileEntry, 'text'>[]): boolean =>
  files.length > MAX_FILES * NEARLY_FULL ||
  files.reduce((sum, { text }) => sum + text.length, 0) * MAX_BYTES_PER_UNIT > MAX_TEXT_BYTES * NEARLY_FULL;
