import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatFor } from './format.ts';
import { type Catalogue, chooseLocale, loadNamespace, preferredLocale, startTranslation } from './i18n.ts';

describe('preferredLocale', () => {
  it('takes the choice made here before all else', () => {
    expect(preferredLocale('en', ['zh-CN'])).toBe('en');
  });

  it('takes the first language of the browser that we have', () => {
    expect(preferredLocale(null, ['de', 'zh-TW', 'en'])).toBe('zh-CN');
    expect(preferredLocale('klingon', ['fr'])).toBe('en');
  });
});

describe('texts that come with code loaded later', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('are loaded in the language that a change under way leads to', async () => {
    vi.stubGlobal('localStorage', { getItem: () => 'en', setItem: () => undefined });
    vi.stubGlobal('document', { documentElement: { lang: '' } });
    const chinese = Promise.withResolvers<Catalogue>();
    await startTranslation((locale) => (locale === 'en' ? Promise.resolve({}) : chinese.promise));
    const change = chooseLocale('zh-CN');
    const asked: string[] = [];
    await loadNamespace('later', (locale) => {
      asked.push(locale);
      return Promise.resolve({});
    });
    chinese.resolve({});
    await change;
    expect(asked).toEqual(['en', 'zh-CN']);
  });
});

describe('formatFor', () => {
  const now = Date.parse('2026-01-01T10:00:00Z');

  it('says how long ago in words of the language', () => {
    expect(formatFor('en').relative('2026-01-01T09:57:00Z', now)).toMatch(/3 min/);
    expect(formatFor('zh-CN').relative('2026-01-01T12:00:00Z', now)).toContain('2小时后');
  });

  it('writes dates as they are written where the viewer is', () => {
    const noon = '2026-03-07T12:00:00';
    expect(formatFor('en', ['de-CH', 'en-GB']).date(noon)).toBe('7 Mar 2026');
    expect(formatFor('en', ['zh-CN', 'en-US']).date(noon)).toBe('Mar 7, 2026');
    expect(formatFor('en', ['zh-CN']).date(noon)).toBe('Mar 7, 2026');
    expect(formatFor('zh-CN', ['zh-TW']).date(noon)).toBe('2026年3月7日');
  });

  it('writes shares as percent', () => {
    expect(formatFor('en').share(0.412)).toBe('41.2%');
  });
});
