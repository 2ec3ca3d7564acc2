import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputText, storable } from './output-text.ts';

describe('OutputText', () => {
  it('gives the same text however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(200)), (bytes, cuts) => {
        const whole = new OutputText();
        const expected = whole.write(bytes) + whole.flush();
        const cut = new OutputText();
        const places = [0, ...cuts.map((c) => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const parts = places.slice(1).map((end, i) => cut.write(bytes.subarray(places[i] ?? 0, end)));
        expect(parts.join('') + cut.flush()).toBe(expected);
        expect(expected.isWellFormed() && !expected.includes('\0')).toBe(true);
      }),
    );
  });

  it('keeps a Chinese character whole over two chunks', () => {
    const text = new OutputText();
    const bytes = new TextEncoder().encode('你好');
    expect(text.write(bytes.subarray(0, 4)) + text.write(bytes.subarray(4))).toBe('你好');
  });

  it('shows invalid bytes and NUL instead of losing or storing them', () => {
    const text = new OutputText();
    expect(text.write(Uint8Array.of(0x61, 0xff, 0x00, 0xe4)) + text.flush()).toBe('a\ufffd\u2400\ufffd');
  });

  it('bounds and repairs a string that the agent sent', () => {
    expect(storable('ab\ud83d\ude00', 3)).toBe('ab\ufffd');
  });
});
