import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { MAX_CHANNELS } from './process-limits.ts';

/** What a frame for a socket is, so that a slow reader can go without some of them. */
export const frameKinds = ['answer', 'edit', 'presence'] as const;
export type FrameKind = (typeof frameKinds)[number];

/**
 * `entered`: the channel's socket may be read from. `pause`, `resume`: of that reading. `resync`, `represent`: the reader
 * caught up, and has to be sent the whole document or everybody's presence.
 */
export const channelWords = ['entered', 'pause', 'resume', 'resync', 'represent'] as const;
export type ChannelWord = (typeof channelWords)[number];

/** What goes over a link. The end that dials numbers calls and channels. */
export type PeerMessage =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly json: string }
  | { readonly type: 'answer'; readonly id: number; readonly ok: boolean; readonly json: string }
  | { readonly type: 'open'; readonly channel: number; readonly name: string; readonly json: string }
  /** Of the socket, to whoever serves the channel. */
  | { readonly type: 'data'; readonly channel: number; readonly bytes: Uint8Array }
  /** The same bytes for the sockets of many channels. */
  | {
      readonly type: 'deliver';
      readonly kind: FrameKind;
      readonly channels: readonly number[];
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'word'; readonly channel: number; readonly word: ChannelWord }
  /** Code 0: it moved, or this end has not to say why. */
  | { readonly type: 'close'; readonly channel: number; readonly code: number; readonly reason: string };

/** Bytes that are no message of ours. */
export class PeerMessageError extends Error {}

const types = ['call', 'answer', 'open', 'data', 'deliver', 'word', 'close'] as const;

export function encodePeerMessage(message: PeerMessage): Uint8Array {
  const to = encoding.createEncoder();
  encoding.writeVarUint(to, types.indexOf(message.type));
  switch (message.type) {
    case 'call':
    case 'answer':
    case 'open':
      encoding.writeVarUint(to, message.type === 'open' ? message.channel : message.id);
      if (message.type === 'answer') encoding.writeVarUint(to, message.ok ? 1 : 0);
      else encoding.writeVarString(to, message.name);
      encoding.writeVarString(to, message.json);
      break;
    case 'data':
      encoding.writeVarUint(to, message.channel);
      encoding.writeVarUint8Array(to, message.bytes);
      break;
    case 'deliver':
      writeDelivery(to, message);
      break;
    case 'word':
      encoding.writeVarUint(to, message.channel);
      encoding.writeVarUint(to, channelWords.indexOf(message.word));
      break;
    case 'close':
      encoding.writeVarUint(to, message.channel);
      encoding.writeVarUint(to, message.code);
      encoding.writeVarString(to, message.reason);
  }
  return encoding.toUint8Array(to);
}

/** Channels as steps from one to the next: people of a room came one after the other, so most are a byte. */
function writeDelivery(
  to: encoding.Encoder,
  { kind, channels, bytes }: Extract<PeerMessage, { type: 'deliver' }>,
): void {
  encoding.writeVarUint(to, frameKinds.indexOf(kind));
  encoding.writeVarUint(to, channels.length);
  let before = 0;
  for (const channel of channels) {
    encoding.writeVarInt(to, channel - before);
    before = channel;
  }
  encoding.writeVarUint8Array(to, bytes);
}

/** @throws PeerMessageError and nothing else, whatever the bytes are */
export function decodePeerMessage(bytes: Uint8Array): PeerMessage {
  const from = decoding.createDecoder(bytes);
  let message: PeerMessage;
  try {
    message = read(from);
  } catch (cause) {
    throw cause instanceof PeerMessageError
      ? cause
      : new PeerMessageError('a message that ends too early', { cause });
  }
  if (decoding.hasContent(from)) throw new PeerMessageError('a message with bytes after its end');
  return message;
}

function read(from: decoding.Decoder): PeerMessage {
  const type = types[decoding.readVarUint(from)];
  switch (type) {
    case 'call':
      return { type, id: decoding.readVarUint(from), ...readAsked(from) };
    case 'open':
      return { type, channel: decoding.readVarUint(from), ...readAsked(from) };
    case 'answer': {
      const id = decoding.readVarUint(from);
      return { type, id, ok: decoding.readVarUint(from) === 1, json: decoding.readVarString(from) };
    }
    case 'data':
      return { type, channel: decoding.readVarUint(from), bytes: decoding.readVarUint8Array(from) };
    case 'deliver':
      return readDelivery(from);
    case 'word': {
      const channel = decoding.readVarUint(from);
      return { type, channel, word: oneOf(channelWords, decoding.readVarUint(from)) };
    }
    case 'close': {
      const channel = decoding.readVarUint(from);
      return { type, channel, code: decoding.readVarUint(from), reason: decoding.readVarString(from) };
    }
    default:
      throw new PeerMessageError('a message of an unknown type');
  }
}

const readAsked = (from: decoding.Decoder): { name: string; json: string } => ({
  name: decoding.readVarString(from),
  json: decoding.readVarString(from),
});

function readDelivery(from: decoding.Decoder): PeerMessage {
  const kind = oneOf(frameKinds, decoding.readVarUint(from));
  const count = decoding.readVarUint(from);
  if (count > MAX_CHANNELS) throw new PeerMessageError('more channels than a link has');
  const channels: number[] = [];
  let channel = 0;
  for (let at = 0; at < count; at++) channels.push((channel += decoding.readVarInt(from)));
  return { type: 'deliver', kind, channels, bytes: decoding.readVarUint8Array(from) };
}

function oneOf<T>(list: readonly T[], at: number): T {
  const one = list[at];
  if (one === undefined) throw new PeerMessageError('a word that is not known');
  return one;
}
