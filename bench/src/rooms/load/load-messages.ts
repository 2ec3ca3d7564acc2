import type { Place } from './protocols.ts';

/** What a process that makes load is told to do; each request is answered with one `LoadAnswer` of the same id. */
export type LoadOrder =
  | { readonly do: Entrance; readonly group: string; readonly places: readonly Place[] }
  /** Opens all of them in one instant; answered with the ages of the documents that came and the tries it took (`messages`), and closes them again. */
  | { readonly do: 'storm'; readonly group: string; readonly places: readonly Place[] }
  | { readonly do: 'type'; readonly group: string; readonly durationMs: number; readonly perSecond: number }
  | { readonly do: 'move' | 'rest'; readonly group: string }
  /** How many of a group that returns are there: `edits`; its tries: `messages`; those refused: `closed`. */
  | { readonly do: 'count'; readonly group: string }
  | { readonly do: 'take'; readonly group: string }
  | { readonly do: 'stall'; readonly group: string }
  | { readonly do: 'leave'; readonly group: string };

/** Sockets that read, that are people with presence, that type, that come back when they are sent out. */
export type Entrance = 'read' | 'meet' | 'sit' | 'return';

/** What the sockets of a group received since they were asked last. */
export type Received = {
  /** Stamped edits, each counted once for each socket. */
  readonly edits: number;
  /** From the making of an edit to its arrival, of each one that arrived. */
  readonly agesMs: Float64Array;
  readonly messages: number;
  readonly bytes: number;
  /** Control frames of WebSocket by which the server looks whether somebody is there. */
  readonly pings: number;
  /** Sockets that the server closed. */
  readonly closed: number;
};

export type LoadRequest = { readonly id: string; readonly order: LoadOrder };
export type LoadAnswer =
  | { readonly id: string; readonly ok: true; readonly received: Received | null }
  | { readonly id: string; readonly ok: false; readonly problem: string };
