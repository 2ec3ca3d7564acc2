import type { Compression } from '@connectrpc/connect/protocol';

/** A formatted file is the largest thing that an agent tells at once; an agent in others' hands could tell gigabytes. */
const MOST_MESSAGE_BYTES = 16 * 1024 * 1024;

/** How every agent is spoken to, whatever it lives in. */
export const agentWire = {
  httpVersion: '2',
  useBinaryFormat: true,
  readMaxBytes: MOST_MESSAGE_BYTES,
  // An agent would compress each of its messages, an event of some bytes mostly, and each would wait here for a thread to
  // expand it.
  acceptCompression: [] as Compression[],
} as const;
