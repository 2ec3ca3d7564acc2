import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { errorCodes } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import * as en from './en.ts';
import { slotsOf } from './message-keys.ts';
import * as zh from './zh-cn.ts';

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
    const known = slotsOf(en.messages);
    const wanted = errorCodes.filter((code) => !told.includes(code));
    expect(wanted.filter((code) => !known.has(`error.code.${code}`))).toEqual([]);
  });

  it('hold every key that the client asks for', () => {
    const known = slotsOf(en.messages);
    const asked = sources().flatMap((source) =>
      [...source.matchAll(/\bt\('([\w.]+)'/g)].map(([, key]) => key ?? ''),
    );
    expect(asked.length).toBeGreaterThan(50);
    expect([...new Set(asked)].filter((key) => !known.has(key))).toEqual([]);
  });
});
