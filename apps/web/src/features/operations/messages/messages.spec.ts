import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Messages } from '../../../shared/i18n/index.ts';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

const flatten = (messages: Messages, prefix = ''): [string, string][] =>
  Object.entries(messages).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}${key}`, value]] : flatten(value, `${prefix}${key}.`),
  );
const plain = (key: string): string => key.replace(/_(one|other)$/, '');
const slots = (text: string): string => [...new Set(text.match(/\{\{\w+\}\}/g))].toSorted().join();
const english = flatten(en);
const chinese = flatten(zhCn);

describe('the texts of this feature', () => {
  it('are there in both languages, with the same slots', () => {
    const known = new Map(english.map(([key, text]) => [plain(key), slots(text)]));
    expect(new Set(chinese.map(([key]) => plain(key)))).toEqual(new Set(known.keys()));
    expect(chinese.filter(([key, text]) => slots(text) !== known.get(plain(key)))).toEqual([]);
  });

  it('hold every key that is asked for', () => {
    const folder = path.join(import.meta.dirname, '..');
    const asked = readdirSync(folder)
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.spec.ts'))
      .flatMap((name) => [...readFileSync(path.join(folder, name), 'utf8').matchAll(/\bt\('([\w.]+)'/g)])
      .map(([, key]) => key ?? '');
    const known = new Set(english.map(([key]) => plain(key)));
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((key) => !known.has(key))).toEqual([]);
  });
});
