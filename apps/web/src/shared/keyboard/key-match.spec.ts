import { describe, expect, it } from 'vitest';
import { keycaps, matchesKeys, type Press } from './key-match.ts';

const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('matchesKeys', () => {
  it('takes Ctrl and Cmd for mod, and nothing held for a plain key', () => {
    expect(matchesKeys('mod+k', press('k', { ctrlKey: true }), null)).toBe(true);
    expect(matchesKeys('mod+k', press('K', { metaKey: true }), null)).toBe(true);
    expect(matchesKeys('n', press('n', { ctrlKey: true }), null)).toBe(false);
  });

  it('does not mind Shift for a sign that needs it', () => {
    expect(matchesKeys('?', press('?', { shiftKey: true }), null)).toBe(true);
    expect(matchesKeys('f', press('F', { shiftKey: true }), null)).toBe(false);
  });

  it('tells a named key from the same one with Shift', () => {
    const plain = press('Enter', { ctrlKey: true });
    const shifted = press('Enter', { ctrlKey: true, shiftKey: true });
    expect(matchesKeys('mod+enter', plain, null)).toBe(true);
    expect(matchesKeys('mod+shift+enter', plain, null)).toBe(false);
    expect(matchesKeys('mod+enter', shifted, null)).toBe(false);
    expect(matchesKeys('mod+shift+enter', shifted, null)).toBe(true);
  });

  it('wants both strokes of a sequence, in order', () => {
    expect(matchesKeys('g t', press('t'), press('g'))).toBe(true);
    expect(matchesKeys('g t', press('t'), null)).toBe(false);
    expect(matchesKeys('g t', press('g'), press('t'))).toBe(false);
  });
});

describe('keycaps', () => {
  it('names keys as the machine does', () => {
    expect(keycaps('mod+k', true)).toEqual(['⌘', 'K']);
    expect(keycaps('mod+k', false)).toEqual(['Ctrl', 'K']);
    expect(keycaps('g t', false)).toEqual(['G', 'T']);
    expect(keycaps('Escape', false)).toEqual(['Esc']);
  });
});
