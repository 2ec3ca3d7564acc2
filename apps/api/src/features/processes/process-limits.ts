/** How often a process says that it lives, and for how long that holds. Four may be late before others take its rooms. */
export const RENEW_EVERY_MS = 500;
export const ALIVE_FOR_MS = 2_000;
/** A statement of the heartbeat; longer is as good as none. */
export const RENEW_TIMEOUT_MS = 1_500;
/** Rows of dead processes are removed this long after. */
export const FORGET_AFTER_MS = 60_000;
/** A link that is silent this long is dead; both ends ask twice in that time. */
export const LINK_SILENT_MS = 1_500;
export const LINK_PING_MS = 500;
/** A handshake between two processes of one data centre. */
export const LINK_OPEN_MS = 2_000;
/** An answer of another process: a run waits two seconds for the presser's edit there. */
export const CALL_TIMEOUT_MS = 8_000;
/** One message: a whole document for a reader that missed edits, with what is around it. */
export const MAX_LINK_MESSAGE_BYTES = 8 * 1024 * 1024;
/** Sockets of one process on a link. */
export const MAX_CHANNELS = 20_000;
/**
 * Waiting on one link, which many sockets share: first there is no presence, then no edits until it caught up, then what
 * cannot be left out ends its socket; at the last bound the link itself is given up.
 */
export const LINK_SLOW_NO_PRESENCE_BYTES = 2 * 1024 * 1024;
export const LINK_SLOW_RESYNC_BYTES = 8 * 1024 * 1024;
export const LINK_SLOW_CLOSE_BYTES = 32 * 1024 * 1024;
export const LINK_MOST_BYTES = 64 * 1024 * 1024;
/** From a relay to the holder: more than this waits and sockets are not read from until it is away. */
export const LINK_BUSY_BYTES = 2 * 1024 * 1024;
/** Entries that the stream keeps, for whoever was cut off for a moment; who was away longer looks in the logs. */
export const STREAM_ENTRIES = 500;
export const STREAM_READ_COUNT = 100;
export const STREAM_BLOCK_MS = 5_000;
/** Pause before Redis is tried again. */
export const STREAM_AGAIN_MS = 200;
/** Messages that wait for Redis; past it the others are told that they missed something. */
export const MAX_UNTOLD_MESSAGES = 2_000;
/** How often a process is heard on the stream at least, and after how long of silence its people are not here any more. */
export const STREAM_TELL_EVERY_MS = 2_000;
export const PROCESS_SILENT_MS = 7_000;
