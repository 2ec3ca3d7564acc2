/**
 * Why the server closes a room's socket. 44xx is final: connecting again cannot help (stock clients stop).
 * 45xx and the standard 101x are transient: connect again after a pause.
 */
export const closeCodes = {
  unauthenticated: {
    code: 4401,
    sentence: 'Your login has ended. Sign in again; what was shown as saved is safe.',
  },
  forbidden: { code: 4403, sentence: 'You may read this workspace but not write in it.' },
  notFound: { code: 4404, sentence: 'There is no such workspace, or you may not see it.' },
  epochChanged: {
    code: 4409,
    sentence: 'The workspace was reset. Load it again; text of before the reset does not mix with it.',
  },
  badFrame: { code: 4422, sentence: 'The server could not understand what this client sent.' },
  foreignClientId: {
    code: 4423,
    sentence: 'This edit carries the name of another person. Open the document afresh.',
  },
  tooLarge: { code: 4413, sentence: 'The workspace is at its size limit. Remove text or files, then go on.' },
  presenceRefused: { code: 4429, sentence: 'This client sends more than a person can.' },
  loadFailed: { code: 4500, sentence: 'The workspace could not be loaded. Nothing is lost; trying again.' },
  goingDown: { code: 1012, sentence: 'The server restarts. Connecting again by itself.' },
  overloaded: { code: 1013, sentence: 'The server cannot take this now. Connecting again by itself.' },
} as const;

export type CloseReason = keyof typeof closeCodes;

/** RFC 6455: a message that is too big, closed by the socket itself and so without a sentence of ours. */
const MESSAGE_TOO_BIG = 1009;

/** Whether a client may connect again after this close code: neither the 44xx band nor what it sent is the reason. */
export const isTransient = (code: number): boolean =>
  code !== MESSAGE_TOO_BIG && (code < 4400 || code >= 4500);
