/** Stretches that a timeline has for the longest log; a longer one has coarser stretches. */
export const MAX_STRETCHES = 2_000;
/** Edits of one stretch at least: a sentence, not a letter. */
export const MIN_STRETCH_EDITS = 50;
/** A pause as long as this ends a stretch: somebody stopped to think. */
export const STRETCH_PAUSE_MS = 5_000;
/** Runs and steps that a timeline shows, the newest: more are not told apart on a screen. */
export const MAX_MARKS = 500;
/** A pause as long as this makes a version of an export, until there would be too many. */
export const VERSION_PAUSE_MS = 5 * 60_000;
/** Bytes of an id that a file may have; ours have 25. */
export const MAX_FILE_ID_LENGTH = 64;
