import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { errorCodes } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import type { Messages } from '../../shared/i18n/index.ts';
import * as en from './en.ts';
import * as zh from './zh-cn.ts';

const flatten = (messages: Messages, prefix = ''): [string, string][] =>
  Object.entries(messages).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}${key}`, value]] : flatten(value, `${prefix}${key}.`),
  );
const withoutPlural = (key: string): string => key.replace(/_(one|other)$/, '');
const keysOf = (messages: Messages): string[] =>
  [...new Set(flatten(messages).map(([key]) => withoutPlural(key)))].toSorted();
const slots = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? ''))].toSorted();

/** Every source file of the client that takes its texts from the `app` catalogue. */
const sources = (): string[] => {
  const root = path.join(import.meta.dirname, '../..');
  const own = [
    'app',
    'shared',
    'features/welcome',
    'features/today',
    'features/cohort',
    'features/class',
    'features/lesson',
  ];
  return own.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.tsx') || (name.endsWith('.ts') && !name.endsWith('.spec.ts')))
      .map((name) => readFileSync(path.join(root, folder, name), 'utf8')),
  );
};

describe('the catalogues', () => {
  it('have the same keys in both languages', () => {
    expect(keysOf(zh.messages)).toEqual(keysOf(en.messages));
  });

  it('fill the same slots in both languages', () => {
    const english = new Map(flatten(en.messages).map(([key, text]) => [withoutPlural(key), slots(text)]));
    const wrong = flatten(zh.messages).filter(
      ([key, text]) => slots(text).join() !== english.get(withoutPlural(key))?.join(),
    );
    expect(wrong).toEqual([]);
  });

  it('have both plural forms in English and one in Chinese', () => {
    const english = new Set(flatten(en.messages).map(([key]) => key));
    const counted = [...english].filter((key) => key.endsWith('_other')).map(withoutPlural);
    expect(counted.filter((key) => !english.has(`${key}_one`))).toEqual([]);
    expect(flatten(zh.messages).filter(([key]) => key.endsWith('_one'))).toEqual([]);
  });

  it('are made of parts whose keys do not overlap', () => {
    for (const { parts, messages } of [en, zh]) {
      expect(parts.flatMap((part) => Object.keys(part)).length).toBe(Object.keys(messages).length);
    }
  });

  it('say why the server refused, for every code that has no pane of its own', () => {
    const told = [
      'not_found',
      'forbidden',
      'unauthenticated',
      'too_many_requests',
      'unavailable',
      'internal',
    ];
    const known = keysOf(en.messages);
    const wanted = errorCodes.filter((code) => !told.includes(code));
    expect(wanted.filter((code) => !known.includes(`error.code.${code}`))).toEqual([]);
  });

  it('hold every key that the client asks for', () => {
    const known = new Set(keysOf(en.messages));
    const asked = sources().flatMap((source) =>
      [...source.matchAll(/\bt\('([\w.]+)'/g)].map(([, key]) => key ?? ''),
    );
    expect(asked.length).toBeGreaterThan(50);
    expect([...new Set(asked)].filter((key) => !known.has(key))).toEqual([]);
  });
});
