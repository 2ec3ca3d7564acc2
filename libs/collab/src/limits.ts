/** Text of all files together, in UTF-8 bytes: the largest exercise is 20 KiB, a paste of a whole package fits. */
export const MAX_TEXT_BYTES = 256 * 1024;
/** Files of one workspace: a Go exercise has five; more is a repository and belongs elsewhere. */
export const MAX_FILES = 64;
/** A path in UTF-8 bytes: what every file system under a runner takes. */
export const MAX_PATH_BYTES = 255;
/** Folders below each other, the file included. */
export const MAX_PATH_DEPTH = 8;
/** One frame of a client: four times the text, so that everything that was written offline fits. */
export const MAX_FRAME_BYTES = 1024 * 1024;
/** The encoded document: text, tombstones and authors. Past it only a reset helps, and says so. */
export const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;
/** One frame of the server: a whole document, with the few bytes around it. */
export const MAX_SERVER_FRAME_BYTES = MAX_DOCUMENT_BYTES + 64;
/** One person's presence as JSON: a selection and a pointed line need 200 bytes. */
export const MAX_PRESENCE_BYTES = 1024;
/** Presence entries in one frame: a stock client repeats everybody it knows. */
export const MAX_PRESENCE_ENTRIES = 1_000;
/** Runs of operations in one update: far above any real edit, far below what decoding could choke on. */
export const MAX_STRUCTS = 100_000;
/** Clock of a client id: two thousand million typed characters. Higher is an attack on the state vector. */
export const MAX_CLOCK = 2 ** 31;
/** Characters of a sentence inside a frame. */
export const MAX_REASON_LENGTH = 200;
