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
  if (frame.length < LENGTH_IN_TWO) {
    const message = Buffer.allocUnsafe(2 + frame.length);
    message[0] = FINAL_BINARY;
    message[1] = frame.length;
    message.set(frame, 2);
    return message;
  }
  return Buffer.concat([headerOf(frame.length), frame]);
}

function headerOf(length: number): Buffer {
  if (length <= MAX_IN_TWO) {
    const header = Buffer.from([FINAL_BINARY, LENGTH_IN_TWO, 0, 0]);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header[0] = FINAL_BINARY;
  header[1] = LENGTH_IN_EIGHT;
  header.writeUIntBE(length, 4, 6);
  return header;
}
