import { describe, expect, it } from 'vitest';
import { formatFor } from './format.ts';
import { preferredLocale } from './i18n.ts';

describe('preferredLocale', () => {
  it('takes the choice made here before all else', () => {
    expect(preferredLocale('en', ['zh-CN'])).toBe('en');
  });

  it('takes the first language of the browser that we have', () => {
    expect(preferredLocale(null, ['de', 'zh-TW', 'en'])).toBe('zh-CN');
    expect(preferredLocale('klingon', ['fr'])).toBe('en');
  });
});

describe('formatFor', () => {
  const now = Date.parse('2026-01-01T10:00:00Z');

  it('says how long ago in words of the language', () => {
    expect(formatFor('en').relative('2026-01-01T09:57:00Z', now)).toMatch(/3 min/);
    expect(formatFor('zh-CN').relative('2026-01-01T12:00:00Z', now)).toContain('2小时后');
  });

  it('writes shares as percent', () => {
    expect(formatFor('en').share(0.412)).toBe('41.2%');
  });
});
