import { describe, expect, it } from 'vitest';
import type { Messages } from '../../../shared/i18n/index.ts';
import { en } from './control.en.ts';
import { zhCn } from './control.zh-cn.ts';

const flatten = (messages: Messages, prefix = ''): [string, string][] =>
  Object.entries(messages).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}${key}`, value]] : flatten(value, `${prefix}${key}.`),
  );
const plain = (key: string): string => key.replace(/_(one|other)$/, '');
const slots = (text: string): string => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).join();

describe('the texts of room control', () => {
  it('have the same keys and slots in both languages', () => {
    const english = new Map(flatten(en).map(([key, text]) => [plain(key), slots(text)]));
    const chinese = new Map(flatten(zhCn).map(([key, text]) => [plain(key), slots(text)]));
    expect(chinese).toEqual(english);
  });
});
