/** Edits of one room that wait for the disk. More means that the database is away: new ones are refused, not kept. */
export const MAX_ROOM_QUEUE = 512;
/** The same in bytes, so that a few pasted documents are not worth a thousand keystrokes. */
export const MAX_ROOM_QUEUE_BYTES = 4 * 1024 * 1024;
/** Edits of one socket on their way to disk; past it we stop reading from it until they are there. */
export const MAX_SOCKET_IN_FLIGHT = 128;
/** Rows of one commit: enough for 100,000 updates/s, small enough to stay one round trip. */
export const MAX_BATCH_ROWS = 1_000;
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/**
 * From the beginning of one commit to that of the next, while edits wait. Each costs 0.4 ms of processor time here and in
 * PostgreSQL together, however small it is: a fast disk is not to be answered by many that hold next to nothing. Who types
 * alone never meets it.
 */
export const COMMIT_EVERY_MS = 3;
/** Pause before a failed commit is tried again. */
export const COMMIT_RETRY_MS = 100;
/** A commit that takes longer than this has failed. It is written so that repeating it is harmless. */
export const COMMIT_TIMEOUT_MS = 10_000;
/** Updates after which loading would begin to be felt (36 ms for 8,000). */
export const SNAPSHOT_EVERY_UPDATES = 500;
/** Updates of a log that are replayed where everybody types (9 ms); a worker replays more. */
export const LONG_LOG_UPDATES = 2_000;
/** Who drives keeps control for this long without a socket: a page that loads again, a short loss of network. */
export const DRIVER_GRACE_MS = 15_000;
/** Pause before a turn that could not be passed on, because the database was away, is passed on again. */
export const TURN_RETRY_MS = 2_000;
/** A room without sockets stays this long, for the reload of a page. */
export const IDLE_ROOM_MS = 30_000;
/**
 * Presence is collected for so long, by how many sockets a room has, and sent as one frame to each: a few people see each other move, a
 * lecture sees where people are. So no room sends much more than a thousand of these frames a second.
 */
export const PRESENCE_TICKS = [
  { upToSockets: 30, ms: 50 },
  { upToSockets: 250, ms: 250 },
  { upToSockets: Infinity, ms: 1_000 },
] as const;
/**
 * Where so many read, an edit that comes soon after the last one that was shown waits for company: a write to each reader
 * is most of what showing costs, and the second edit in it is nearly free. One that comes alone waits for nothing.
 */
export const SHOW_TOGETHER = { fromSockets: 100, afterMs: 20, forMs: 10 };
/** Entries of one frame: half of what a client takes. */
export const PRESENCE_FRAME_ENTRIES = 500;
/** Answers to newcomers that are kept until the next edit, one for each state that newcomers are in: most have nothing yet. */
export const KEPT_ANSWERS = 2;
/** Stock clients drop whom they did not hear of for 30 s, and a server that was silent for 30 s. */
export const PRESENCE_RENEWAL_MS = 12_000;
/** Login, policy and document have to be there within this time of the handshake. */
export const ADMISSION_DEADLINE_MS = 10_000;
/** A login that ran out without a sign-out is noticed this late at most. */
export const LOGIN_RECHECK_MS = 60_000;
/** Read of one message before the socket ends it without a sentence of ours; a frame may be a quarter of it. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** A socket that does not answer one ping within this is dead. */
export const PING_EVERY_MS = 20_000;
/** Sockets of one account in one room: a few tabs and scripts. */
export const MAX_SOCKETS_PER_ACCOUNT = 16;
/** Sockets of one room at the process that holds it; of others that relay to it, since a frame crosses a link once. */
export const MAX_SOCKETS_PER_ROOM = 1_200;
export const MAX_RELAYED_PER_ROOM = 5_000;
/** Waiting to be sent to one slow reader: first it gets no presence, then it is resynchronised, then it is closed. */
export const SLOW_NO_PRESENCE_BYTES = 256 * 1024;
export const SLOW_RESYNC_BYTES = 1024 * 1024;
export const SLOW_CLOSE_BYTES = 4 * 1024 * 1024;
/** How long a run waits for the presser's last edit. */
export const EDIT_WAIT_MS = 2_000;
/** `workspace.edited` is told at most this often for each room. */
export const EDITED_EVERY_MS = 1_000;
/** How long a shutdown waits for the last commit. */
export const DRAIN_MS = 5_000;
/** A room whose holder is lost is looked for again after this pause, for as long as a process takes to be called dead and more. */
export const FIND_AGAIN_MS = 50;
export const FIND_ROOM_MS = 6_000;
/** Which process holds a room is believed this long. */
export const HOLDER_KNOWN_MS = 1_000;
/** A relay that finds no holder gives its sockets up after this: another process may. */
export const RELAY_DEADLINE_MS = 8_000;
/** A transaction that locks a lease and is silent this long has lost its process. */
export const LEASE_LOCK_IDLE_MS = 1_500;
