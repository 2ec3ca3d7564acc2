import { describe, expect, it } from 'vitest';
import { en, zhCn } from './away-texts.ts';

const plain = (key: string): string => key.replace(/_(one|other)$/, '');
const slots = (text: unknown): string =>
  [...String(text).matchAll(/\{\{(\w+)\}\}/g)]
    .map(([, name]) => name)
    .toSorted()
    .join();
const byKey = (messages: typeof en): Map<string, string> =>
  new Map(Object.entries(messages).map(([key, text]) => [plain(key), slots(text)]));

describe('the texts of coming back', () => {
  it('have the same keys and slots in both languages', () => {
    expect([...byKey(zhCn)].toSorted()).toEqual([...byKey(en)].toSorted());
  });
});
