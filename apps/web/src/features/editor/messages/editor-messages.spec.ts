import { nackReasons } from '@lineage/collab';
import { describe, expect, it } from 'vitest';
import type { Messages } from '../../../shared/i18n/index.ts';
import { messages as en } from './en.ts';
import { messages as zh } from './zh-cn.ts';

const flatten = (messages: Messages, prefix = ''): [string, string][] =>
  Object.entries(messages).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}${key}`, value]] : flatten(value, `${prefix}${key}.`),
  );
const plain = (key: string): string => key.replace(/_(one|other)$/, '');
const keys = (messages: Messages): string[] =>
  [...new Set(flatten(messages).map(([key]) => plain(key)))].toSorted();
const slots = (text: string): string =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)]
    .map(([, name]) => name)
    .toSorted()
    .join();

describe('the texts of the editor', () => {
  it('have the same keys and slots in both languages', () => {
    expect(keys(zh)).toEqual(keys(en));
    const english = new Map(flatten(en).map(([key, text]) => [plain(key), slots(text)]));
    expect(flatten(zh).filter(([key, text]) => slots(text) !== english.get(plain(key)))).toEqual([]);
  });

  it('say why an edit was refused, for every reason that discards it', () => {
    const known = keys(en);
    const discarding = nackReasons.filter((reason) => reason !== 'storage' && reason !== 'gap');
    expect(discarding.filter((reason) => !known.includes(`lost.${reason}`))).toEqual([]);
  });
});
