/** A watch is under 200 bytes; nothing a client may send is larger. */
export const MAX_MESSAGE_BYTES = 16 * 1024;
/** A page watches one class, one workspace and a few runs. */
export const MAX_WATCHES_PER_SOCKET = 64;
/** Of them: runs that began where the page looks, and that it did not ask for. A group has fewer at once. */
export const MAX_BEGUN_PER_SOCKET = 8;
/** Tabs and scripts of one account; above this somebody leaks sockets. */
export const MAX_SOCKETS_PER_ACCOUNT = 32;
/** A socket that opened and never says who it is, is let go. */
export const CONNECT_DEADLINE_MS = 10_000;
/**
 * A page is asked this often whether it is there, and has to answer within that: a server or a network that went without a
 * farewell is noticed within the sum of both, on either side. The library's own is 45 s.
 */
export const PING_EVERY_MS = 8_000;
export const PONG_WITHIN_MS = 4_000;
/** Cards gather what happens in a group for this long. */
export const CARD_EVERY_MS = 200;
/** A class that comes in together is told once, not once for each person. */
export const PEOPLE_EVERY_MS = 100;
/** A login that ran out without a sign-out is noticed this late at most. */
export const LOGIN_RECHECK_MS = 60_000;
