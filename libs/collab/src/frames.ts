import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { FrameError } from './frame-error.ts';
import { MAX_FRAME_BYTES, MAX_REASON_LENGTH } from './limits.ts';
import { decodePresence, encodePresence, type PresenceEntry } from './presence.ts';
import { MAX_ASKING, type RoomControl } from './room-control.ts';

/** Offered by our own client; whoever does not offer it gets the plain y-websocket protocol. */
export const LINEAGE_SUBPROTOCOL = 'lineage.v1';
/** What a ticket is prefixed with in the subprotocol list. */
export const TICKET_SUBPROTOCOL_PREFIX = 'lineage.ticket.';
export const PROTOCOL_VERSION = 1;

/** First number of a frame. Below 100: y-websocket V1. From 100: sent only after `lineage.v1` was negotiated. */
const frameTypes = {
  sync: 0,
  presence: 1,
  queryPresence: 3,
  hello: 100,
  ack: 101,
  nack: 102,
  role: 103,
  storage: 104,
  control: 105,
} as const;
const syncTypes = { step1: 0, step2: 1, update: 2 } as const;

export type Hello = {
  readonly protocolVersion: number;
  readonly epoch: number;
  readonly role: string;
  readonly connectionId: string;
  readonly fence: number;
};

/** Why an edit was not taken; the client says it in its language. */
export const nackReasons = ['read_only', 'storage', 'gap', 'too_large', 'bad_path'] as const;
export type NackReason = (typeof nackReasons)[number];

export type Frame =
  | { readonly type: 'sync-step-1'; readonly stateVector: Uint8Array }
  | { readonly type: 'sync-step-2' | 'update'; readonly update: Uint8Array }
  | { readonly type: 'presence'; readonly entries: readonly PresenceEntry[] }
  | { readonly type: 'query-presence' }
  | { readonly type: 'hello'; readonly hello: Hello }
  /** Every content frame (`sync-step-2`, `update`) of this connection up to the n-th, counted from 1, is durable. */
  | { readonly type: 'ack'; readonly n: number }
  /** The n-th content frame was not taken, and will not be. */
  | { readonly type: 'nack'; readonly n: number; readonly reason: NackReason }
  | { readonly type: 'role'; readonly role: string }
  /** `ok` false: the database is away, nothing is being saved at the moment. */
  | { readonly type: 'storage'; readonly ok: boolean }
  /** Who drives. After the hello, and at each change. `sentAt` is the server's clock, by which `turnEndsAt` is meant. */
  | { readonly type: 'control'; readonly control: RoomControl; readonly sentAt: number };

/** Written into for every frame: a buffer for each would be most of what an acknowledgement costs. */
const scratch = encoding.createEncoder();
/** What a large frame made it grow to is not kept. */
const MAX_SCRATCH_BYTES = 16 * 1024;

function emptied(encoder: encoding.Encoder): encoding.Encoder {
  if (encoder.cbuf.length > MAX_SCRATCH_BYTES) encoder.cbuf = new Uint8Array(MAX_SCRATCH_BYTES);
  encoder.bufs = [];
  encoder.cpos = 0;
  return encoder;
}

/** The bytes of a frame. */
export function encodeFrame(frame: Frame): Uint8Array {
  const to = emptied(scratch);
  switch (frame.type) {
    case 'sync-step-1':
      writeSync(to, syncTypes.step1, frame.stateVector);
      break;
    case 'sync-step-2':
      writeSync(to, syncTypes.step2, frame.update);
      break;
    case 'update':
      writeSync(to, syncTypes.update, frame.update);
      break;
    case 'presence':
      encoding.writeVarUint(to, frameTypes.presence);
      encoding.writeVarUint8Array(to, encodePresence(frame.entries));
      break;
    case 'query-presence':
      encoding.writeVarUint(to, frameTypes.queryPresence);
      break;
    default:
      writeExtension(to, frame);
  }
  return encoding.toUint8Array(to);
}

export type ExtensionFrame = Extract<
  Frame,
  { type: 'hello' | 'ack' | 'nack' | 'role' | 'storage' | 'control' }
>;

function writeExtension(to: encoding.Encoder, frame: ExtensionFrame): void {
  encoding.writeVarUint(to, frameTypes[frame.type]);
  switch (frame.type) {
    case 'hello':
      encoding.writeVarUint(to, frame.hello.protocolVersion);
      encoding.writeVarUint(to, frame.hello.epoch);
      encoding.writeVarString(to, frame.hello.role);
      encoding.writeVarString(to, frame.hello.connectionId);
      encoding.writeVarUint(to, frame.hello.fence);
      return;
    case 'ack':
      encoding.writeVarUint(to, frame.n);
      return;
    case 'nack':
      encoding.writeVarUint(to, frame.n);
      encoding.writeVarString(to, frame.reason);
      return;
    case 'role':
      encoding.writeVarString(to, frame.role);
      return;
    case 'storage':
      encoding.writeVarUint(to, frame.ok ? 1 : 0);
      return;
    case 'control':
      writeControl(to, frame.control);
      encoding.writeVarUint(to, frame.sentAt);
      return;
  }
}

/** Ids are never empty and turns never last nothing, so an empty one and a 0 are none. */
function writeControl(to: encoding.Encoder, control: RoomControl): void {
  encoding.writeVarUint(to, control.seq);
  encoding.writeVarUint(to, control.mode === 'driver' ? 1 : 0);
  encoding.writeVarString(to, control.driver ?? '');
  encoding.writeVarString(to, control.handedBy ?? '');
  encoding.writeVarUint(to, control.heldByLead ? 1 : 0);
  encoding.writeVarUint(to, control.asking.length);
  for (const id of control.asking) encoding.writeVarString(to, id);
  encoding.writeVarUint(to, control.turnMinutes ?? 0);
  encoding.writeVarUint(to, control.turnEndsAt ?? 0);
}

function writeSync(to: encoding.Encoder, type: number, bytes: Uint8Array): void {
  encoding.writeVarUint(to, frameTypes.sync);
  encoding.writeVarUint(to, type);
  encoding.writeVarUint8Array(to, bytes);
}

/**
 * Reads one frame of at most `maxBytes` (a client's, unless said otherwise); bytes after its end are refused. Null for a frame type that we do not know but that stock clients
 * may send (auth, 2): it is passed over.
 * @throws FrameError and nothing else, whatever the bytes are
 */
export function decodeFrame(bytes: Uint8Array, maxBytes = MAX_FRAME_BYTES): Frame | null {
  if (bytes.length > maxBytes) throw new FrameError('a frame that is too large');
  const from = decoding.createDecoder(bytes);
  let frame: Frame | null;
  try {
    frame = readFrame(from);
  } catch (error) {
    throw error instanceof FrameError ? error : new FrameError('a frame that ends too early');
  }
  if (frame !== null && decoding.hasContent(from)) throw new FrameError('a frame with bytes after its end');
  return frame;
}

function readFrame(from: decoding.Decoder): Frame | null {
  const type = decoding.readVarUint(from);
  switch (type) {
    case frameTypes.sync:
      return readSync(from);
    case frameTypes.presence:
      return { type: 'presence', entries: decodePresence(decoding.readVarUint8Array(from)) };
    case frameTypes.queryPresence:
      return { type: 'query-presence' };
    case 2:
      return null;
    case frameTypes.hello:
      return { type: 'hello', hello: readHello(from) };
    case frameTypes.ack:
      return { type: 'ack', n: decoding.readVarUint(from) };
    case frameTypes.nack:
      return { type: 'nack', n: decoding.readVarUint(from), reason: readReason(from) };
    case frameTypes.role:
      return { type: 'role', role: readShort(from) };
    case frameTypes.storage:
      return { type: 'storage', ok: decoding.readVarUint(from) === 1 };
    case frameTypes.control:
      return { type: 'control', control: readControl(from), sentAt: decoding.readVarUint(from) };
    default:
      throw new FrameError('a frame of an unknown type');
  }
}

function readSync(from: decoding.Decoder): Frame {
  const type = decoding.readVarUint(from);
  const bytes = decoding.readVarUint8Array(from);
  switch (type) {
    case syncTypes.step1:
      return { type: 'sync-step-1', stateVector: bytes };
    case syncTypes.step2:
      return { type: 'sync-step-2', update: bytes };
    case syncTypes.update:
      return { type: 'update', update: bytes };
    default:
      throw new FrameError('a sync frame of an unknown kind');
  }
}

function readHello(from: decoding.Decoder): Hello {
  return {
    protocolVersion: decoding.readVarUint(from),
    epoch: decoding.readVarUint(from),
    role: readShort(from),
    connectionId: readShort(from),
    fence: decoding.readVarUint(from),
  };
}

function readControl(from: decoding.Decoder): RoomControl {
  const seq = decoding.readVarUint(from);
  const mode = decoding.readVarUint(from) === 1 ? 'driver' : 'free';
  const driver = readShort(from) || null;
  const handedBy = readShort(from) || null;
  const heldByLead = decoding.readVarUint(from) === 1;
  const count = decoding.readVarUint(from);
  if (count > MAX_ASKING) throw new FrameError('more people ask than may');
  const asking = Array.from({ length: count }, () => readShort(from));
  const turnMinutes = decoding.readVarUint(from) || null;
  const turnEndsAt = decoding.readVarUint(from) || null;
  return { seq, mode, driver, handedBy, heldByLead, asking, turnMinutes, turnEndsAt };
}

function readReason(from: decoding.Decoder): NackReason {
  const word = readShort(from);
  const reason = nackReasons.find((known) => known === word);
  if (reason === undefined) throw new FrameError('a refusal of an unknown reason');
  return reason;
}

function readShort(from: decoding.Decoder): string {
  const text = decoding.readVarString(from);
  if (text.length > MAX_REASON_LENGTH) throw new FrameError('a word that is too long');
  return text;
}
