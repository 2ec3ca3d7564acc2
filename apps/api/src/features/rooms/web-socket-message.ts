const FINAL_BINARY = 0x82;
/** Lengths that say that the length follows in two or in eight bytes. */
const LENGTH_IN_TWO = 126;
const LENGTH_IN_EIGHT = 127;
const MAX_IN_TWO = 0xffff;

/** Up to this size copying is cheaper than remembering: an acknowledgement, which goes to one socket. */
const MAX_COPIED_BYTES = 16;

/** Gone with the frames that they are of. */
const messages = new WeakMap<Uint8Array, Buffer>();

/**
 * The WebSocket message around a frame (RFC 6455, section 5.2: final, binary, not masked, as a server sends it). Made once
 * for each frame, however many sockets it goes to, so that the next socket costs a write and nothing else.
 */
export function messageOf(frame: Uint8Array): Buffer {
  if (frame.length <= MAX_COPIED_BYTES) return makeMessage(frame);
  const made = messages.get(frame);
  if (made !== undefined) return made;
  const message = makeMessage(frame);
  messages.set(frame, message);
  return message;
}

function makeMessage(frame: Uint8Array): Buffer {
  const { length } = frame;
  const at = length < LENGTH_IN_TWO ? 2 : length <= MAX_IN_TWO ? 4 : 10;
  const message = Buffer.allocUnsafe(at + length);
  message[0] = FINAL_BINARY;
  message[1] = at === 2 ? length : at === 4 ? LENGTH_IN_TWO : LENGTH_IN_EIGHT;
  if (at === 4) message.writeUInt16BE(length, 2);
  if (at === 10) message.writeBigUInt64BE(BigInt(length), 2);
  message.set(frame, at);
  return message;
}
