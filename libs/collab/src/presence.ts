import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { FrameError } from './frame-error.ts';
import { MAX_PRESENCE_BYTES, MAX_PRESENCE_ENTRIES } from './limits.ts';

/** One client's awareness in y-protocols' format. A null state says that it left. */
export type PresenceEntry = {
  readonly clientId: number;
  readonly clock: number;
  readonly state: Readonly<Record<string, unknown>> | null;
};

/** Who somebody is in a room, stamped by the server; `color` is there for stock bindings. */
export type PresenceUser = {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  readonly colour: number;
  readonly color: string;
  readonly role: string;
};

/** A stored position in a file's text: a Yjs relative position as JSON. */
export type PresenceCursor = { readonly file: string; readonly anchor: unknown; readonly head: unknown };
/**
 * "Look at this line", until one looks elsewhere: `nonce` tells one pointing from the next. Lines count from 1; `at` is
 * the line's beginning as a Yjs relative position, which stays true while others edit. Left out, `line` has to do.
 */
export type PresencePoint = {
  readonly file: string;
  readonly line: number;
  readonly nonce: number;
  readonly at?: unknown;
};

/** The first line that somebody sees, as a Yjs relative position: told only while somebody follows. */
export type PresenceTop = { readonly file: string; readonly at: unknown };

/** Colours of people for stock bindings, by index; readable on white and on black. */
export const personColors = [
  '#3b82f6',
  '#d97706',
  '#059669',
  '#db2777',
  '#7c3aed',
  '#0891b2',
  '#b45309',
  '#4d7c0f',
  '#dc2626',
  '#4f46e5',
  '#0d9488',
  '#a21caf',
] as const;

/** The awareness update of y-protocols: count, then client id, clock and JSON of each. */
export function encodePresence(entries: readonly PresenceEntry[]): Uint8Array {
  const to = encoding.createEncoder();
  encoding.writeVarUint(to, entries.length);
  for (const { clientId, clock, state } of entries) {
    encoding.writeVarUint(to, clientId);
    encoding.writeVarUint(to, clock);
    encoding.writeVarString(to, JSON.stringify(state));
  }
  return encoding.toUint8Array(to);
}

/** @throws FrameError and nothing else */
export function decodePresence(bytes: Uint8Array): PresenceEntry[] {
  try {
    const from = decoding.createDecoder(bytes);
    const count = decoding.readVarUint(from);
    if (count > MAX_PRESENCE_ENTRIES) throw new FrameError('presence of too many clients');
    return Array.from({ length: count }, () => readEntry(from));
  } catch (error) {
    throw error instanceof FrameError ? error : new FrameError('presence that cannot be read');
  }
}

function readEntry(from: decoding.Decoder): PresenceEntry {
  const clientId = decoding.readVarUint(from);
  const clock = decoding.readVarUint(from);
  const json = decoding.readVarString(from);
  // The server's stamp comes on top of what a client may send.
  if (json.length > 2 * MAX_PRESENCE_BYTES) throw new FrameError('presence larger than 1 KiB');
  const state: unknown = JSON.parse(json);
  if (state === null) return { clientId, clock, state };
  if (typeof state !== 'object' || Array.isArray(state))
    throw new FrameError('presence that is not an object');
  return { clientId, clock, state: state as Record<string, unknown> };
}
