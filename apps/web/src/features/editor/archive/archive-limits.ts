import { MAX_FILES, MAX_TEXT_BYTES } from '@lineage/collab';
import { MAX_ENTRIES, MAX_UNPACKED_BYTES, MAX_ZIP_BYTES } from './zip-limits.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Every number that a sentence about limits may name. */
export const limitNumbers = {
  mostFiles: MAX_FILES,
  mostKib: MAX_TEXT_BYTES / KIB,
  zipMib: MAX_ZIP_BYTES / MIB,
  unpackedMib: MAX_UNPACKED_BYTES / MIB,
  entries: MAX_ENTRIES,
};
/** Rounded up: what is over a limit must not look as if it were at it. */
export const kib = (bytes: number): number => Math.ceil(bytes / KIB);
