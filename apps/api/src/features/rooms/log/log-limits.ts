/** Edits that one answer of the history holds: a player steps through them without asking again. */
export const CHUNK_EDITS = 500;
/** The same in bytes. A longer edit alone makes an answer of one. */
export const CHUNK_BYTES = 1024 * 1024;
/** Rows that one read of the log takes, and their bytes: what a replay holds at once. */
export const PAGE_ROWS = 2_000;
export const PAGE_BYTES = 8 * 1024 * 1024;
/** An edit this old is read by those alone who look back: classes and what is left open over night are over. */
export const COLD_AFTER_MS = 24 * 60 * 60 * 1000;
export const COLD_EVERY_MS = 60 * 60 * 1000;
/** Edits that one statement moves, and the documents that they are of: what it locks, and what a process that dies leaves undone. */
export const COLD_BATCH = 2_000;
export const COLD_PLACES = 100;
/** Between two of these: a log of years is moved in the gaps that typing leaves. */
export const COLD_PAUSE_MS = 100;
/** A replay past so many edits leaves key frames behind, so that the next one is shorter. */
export const KEY_FRAME_EVERY = 1_000;
/** Documents whose authorship is kept for the next question: each is the document and 24 bytes a stretch of typing. */
export const KEPT_AUTHORSHIPS = 4;
/** Stretches of typing that are told apart in one document; beyond it what one person types counts as one. */
export const MAX_ORIGINS = 200_000;
/** What one person types without a longer pause is one origin. */
export const ORIGIN_PAUSE_MS = 10_000;
/** Questions that wait for one worker; more is a refusal, not a longer wait. */
export const MAX_WAITING = 64;
/** The longest work (40,000 edits, replayed one by one) takes seconds; what takes longer was made to. */
export const WORKER_DEADLINE_MS = 60_000;
/** Heap of one worker: a document of the largest size is eleven times its bytes. */
export const WORKER_MEMORY_MIB = 512;
/** Versions that an export has: when there would be more, longer pauses make one. */
export const MAX_EXPORTED_VERSIONS = 500;
/** Texts of all versions of an export together, before they are packed. */
export const MAX_EXPORT_BYTES = 64 * 1024 * 1024;
