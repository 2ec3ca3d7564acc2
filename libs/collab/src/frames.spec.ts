import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import { FrameError } from './frame-error.ts';
import { decodeFrame, encodeFrame, nackReasons, type Frame } from './frames.ts';
import { MAX_FRAME_BYTES, MAX_PRESENCE_ENTRIES, MAX_REASON_LENGTH } from './limits.ts';
import { decodePresence, encodePresence } from './presence.ts';
import { MAX_ASKING } from './room-control.ts';

const bytes = fc.uint8Array({ maxLength: 400 });
const count = fc.nat(2 ** 31);
const word = fc
  .string({ maxLength: MAX_REASON_LENGTH, unit: 'grapheme' })
  .filter((s) => s.length <= MAX_REASON_LENGTH);
// What JSON cannot hold apart (-0 and 0, `__proto__`) is no concern of the frame.
const state = fc.option(
  fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
  ),
  { nil: null },
);
const presence = fc.array(fc.record({ clientId: count, clock: count, state }), { maxLength: 20 });

const someId = fc.option(word.filter(Boolean), { nil: null });

const frames: fc.Arbitrary<Frame> = fc.oneof(
  bytes.map((stateVector): Frame => ({ type: 'sync-step-1', stateVector })),
  bytes.map((update): Frame => ({ type: 'sync-step-2', update })),
  bytes.map((update): Frame => ({ type: 'update', update })),
  presence.map((entries): Frame => ({ type: 'presence', entries })),
  fc.constant<Frame>({ type: 'query-presence' }),
  fc
    .record({ protocolVersion: count, epoch: count, role: word, connectionId: word, fence: count })
    .map((hello): Frame => ({ type: 'hello', hello })),
  count.map((n): Frame => ({ type: 'ack', n })),
  fc
    .record({ n: count, reason: fc.constantFrom(...nackReasons) })
    .map((nack): Frame => ({ type: 'nack', ...nack })),
  word.map((role): Frame => ({ type: 'role', role })),
  fc.boolean().map((ok): Frame => ({ type: 'storage', ok })),
  fc
    .record({
      seq: count,
      mode: fc.constantFrom('free' as const, 'driver' as const),
      driver: someId,
      handedBy: someId,
      heldByLead: fc.boolean(),
      asking: fc.array(word.filter(Boolean), { maxLength: MAX_ASKING }),
      turnMinutes: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }),
      turnEndsAt: fc.option(fc.integer({ min: 1, max: 2 ** 43 }), { nil: null }),
    })
    .map((control): Frame => ({ type: 'control', control, sentAt: 1_764_000_000_000 })),
);

/** What a reader does with bytes: a value, or the one error it may throw. Anything else fails the test. */
function outcome<T>(read: () => T): T | FrameError {
  try {
    return read();
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  }
}

describe('a frame', () => {
  it('is the same after the wire', () => {
    fc.assert(fc.property(frames, (frame) => void expect(decodeFrame(encodeFrame(frame))).toEqual(frame)));
  });

  it('of an acknowledgement or an edit has the bytes that lib0 writes', () => {
    const numbers = fc.oneof(
      fc.constantFrom(0, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER),
      fc.maxSafeNat(),
    );
    const written = (write: (to: encoding.Encoder) => void): Uint8Array => {
      const to = encoding.createEncoder();
      write(to);
      return encoding.toUint8Array(to);
    };
    fc.assert(
      fc.property(numbers, fc.uint8Array({ maxLength: 20_000 }), (n, update) => {
        const ack = written((to) => {
          encoding.writeVarUint(to, 101);
          encoding.writeVarUint(to, n);
        });
        expect(encodeFrame({ type: 'ack', n })).toEqual(ack);
        const edit = written((to) => {
          encoding.writeVarUint(to, 0);
          encoding.writeVarUint(to, 2);
          encoding.writeVarUint8Array(to, update);
        });
        expect(encodeFrame({ type: 'update', update })).toEqual(edit);
      }),
    );
  });

  it('is refused with FrameError and nothing else, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (input) => void outcome(() => decodeFrame(input))),
      { numRuns: 2_000 },
    );
  });

  it('is refused with FrameError when a bit of it flips, or it is cut', () => {
    fc.assert(
      fc.property(frames, fc.nat(), fc.nat(7), (frame, at, bit) => {
        const whole = encodeFrame(frame);
        const flipped = Uint8Array.from(whole);
        flipped[at % whole.length] = (whole[at % whole.length] ?? 0) ^ (1 << bit);
        outcome(() => decodeFrame(flipped));
        outcome(() => decodeFrame(whole.subarray(0, at % whole.length)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not go on after its end', () => {
    fc.assert(
      fc.property(frames, fc.uint8Array({ minLength: 1, maxLength: 8 }), (frame, rest) => {
        expect(() => decodeFrame(Uint8Array.of(...encodeFrame(frame), ...rest))).toThrow(FrameError);
      }),
    );
  });

  it('is not read when it is larger than the limit', () => {
    expect(() => decodeFrame(new Uint8Array(MAX_FRAME_BYTES + 1))).toThrow(FrameError);
  });

  it('of auth, which stock clients know, is passed over; an unknown one is refused', () => {
    expect(decodeFrame(Uint8Array.of(2, 0))).toBeNull();
    expect(() => decodeFrame(Uint8Array.of(99))).toThrow(FrameError);
  });

  it('with a word over the limit is refused', () => {
    expect(() => decodeFrame(encodeFrame({ type: 'role', role: 'x'.repeat(MAX_REASON_LENGTH + 1) }))).toThrow(
      FrameError,
    );
  });
});

describe('presence bytes', () => {
  it('are read with FrameError and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (input) => void outcome(() => decodePresence(input))),
      { numRuns: 1_000 },
    );
  });

  it('cannot claim more entries than the limit', () => {
    const many = Array.from({ length: MAX_PRESENCE_ENTRIES + 1 }, (_, clientId) => ({
      clientId,
      clock: 1,
      state: null,
    }));
    expect(() => decodePresence(encodePresence(many))).toThrow(FrameError);
  });

  it('hold objects only, of a bounded size', () => {
    const wide = { clientId: 1, clock: 1, state: { text: 'x'.repeat(5_000) } };
    expect(() => decodePresence(encodePresence([wide]))).toThrow(FrameError);
  });
});
