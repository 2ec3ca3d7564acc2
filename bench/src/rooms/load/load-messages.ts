import type { Place } from './protocols.ts';

/** What a process that makes load is told to do; each request is answered with one `LoadAnswer` of the same id. */
export type LoadOrder =
  | { readonly do: 'read'; readonly group: string; readonly places: readonly Place[] }
  | { readonly do: 'take'; readonly group: string }
  | { readonly do: 'stall'; readonly group: string }
  | { readonly do: 'leave'; readonly group: string };

/** What the sockets of a group received since they were asked last. */
export type Received = {
  /** Stamped edits, each counted once for each socket. */
  readonly edits: number;
  /** From the making of an edit to its arrival, of each one that arrived. */
  readonly agesMs: Float64Array;
  readonly messages: number;
  readonly bytes: number;
  /** Sockets that the server closed. */
  readonly closed: number;
};

export type LoadRequest = { readonly id: string; readonly order: LoadOrder };
export type LoadAnswer =
  | { readonly id: string; readonly ok: true; readonly received: Received | null }
  | { readonly id: string; readonly ok: false; readonly problem: string };
