import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  channelWords,
  decodePeerMessage,
  encodePeerMessage,
  frameKinds,
  PeerMessageError,
  type PeerMessage,
} from './peer-messages.ts';

const number = fc.nat();
const text = fc.string({ maxLength: 50 });
const bytes = fc.uint8Array({ maxLength: 100 });
const message = fc.oneof<fc.Arbitrary<PeerMessage>[]>(
  fc.record({ type: fc.constant('call'), id: number, name: text, json: text }),
  fc.record({ type: fc.constant('answer'), id: number, ok: fc.boolean(), json: text }),
  fc.record({ type: fc.constant('open'), channel: number, name: text, json: text }),
  fc.record({ type: fc.constant('data'), channel: number, bytes }),
  fc.record({
    type: fc.constant('deliver'),
    kind: fc.constantFrom(...frameKinds),
    channels: fc.array(number, { maxLength: 20 }),
    bytes,
  }),
  fc.record({ type: fc.constant('word'), channel: number, word: fc.constantFrom(...channelWords) }),
  fc.record({ type: fc.constant('close'), channel: number, code: number, reason: text }),
);

describe('messages between processes', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(decodePeerMessage(encodePeerMessage(one))).toEqual(one);
      }),
    );
  });

  it('are refused with one error when they are cut, longer than they should be, or something else', () => {
    const tryOut = (input: Uint8Array): void => {
      try {
        decodePeerMessage(input);
      } catch (error) {
        expect(error).toBeInstanceOf(PeerMessageError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), tryOut));
    fc.assert(
      fc.property(message, fc.nat(), (one, at) => {
        const whole = encodePeerMessage(one);
        const cut = whole.subarray(0, at % whole.length);
        expect(() => decodePeerMessage(cut)).toThrow(PeerMessageError);
        expect(() => decodePeerMessage(new Uint8Array([...whole, 0]))).toThrow(PeerMessageError);
      }),
    );
  });
});
