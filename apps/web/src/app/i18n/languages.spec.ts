import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Messages } from '../../shared/i18n/index.ts';
import { parts } from './en.ts';
import { keyOf, slotsOf, textsOf } from './message-keys.ts';

type Exports = Readonly<Record<string, Messages>>;

/** Every file of texts, but for the catalogues that are made of them. */
const english = import.meta.glob<Exports>(['../../**/{en,*.en}.ts', '!./en.ts'], { eager: true });
const chinese = import.meta.glob<Exports>(['../../**/{zh-cn,*.zh-cn}.ts', '!./zh-cn.ts'], { eager: true });
const pairs = Object.entries(english).map(([file, exports]) => ({
  folder: path.dirname(file).replace(/\/messages$/, ''),
  en: onlyOf(exports),
  zh: onlyOf(chinese[file.replace(/en\.ts$/, 'zh-cn.ts')]),
}));

function onlyOf(exports: Exports = {}): Messages {
  const [messages, ...others] = Object.values(exports);
  if (messages === undefined || others.length > 0)
    throw new Error('A file of texts exports its texts alone.');
  return messages;
}

const isPartOfApp = (messages: Messages): boolean => parts.some((part) => part === messages);

/** The keys that the sources of one folder, without those below it, ask for. */
function askedIn(folder: string): string[] {
  const root = path.join(import.meta.dirname, folder);
  return readdirSync(root)
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.spec.ts'))
    .flatMap((name) => [...readFileSync(path.join(root, name), 'utf8').matchAll(/\bt\('([\w.]+)'/g)])
    .map(([, key]) => key ?? '');
}

it('finds the texts of everything', () => {
  expect(Object.keys(chinese).length).toBe(pairs.length);
  expect(pairs.filter(({ en }) => isPartOfApp(en)).length).toBe(parts.length);
  expect(pairs.length).toBeGreaterThan(parts.length);
});

describe.each(pairs)('the texts of $folder', ({ en, zh }) => {
  it('are there in both languages, with the same slots', () => {
    expect(slotsOf(zh)).toEqual(slotsOf(en));
  });

  it('have both plural forms in English and one in Chinese', () => {
    const keys = new Set(textsOf(en).map(([key]) => key));
    const counted = [...keys].filter((key) => key.endsWith('_other'));
    expect(counted.filter((key) => !keys.has(`${keyOf(key)}_one`))).toEqual([]);
    expect(textsOf(zh).filter(([key]) => key.endsWith('_one'))).toEqual([]);
  });
});

// What asks for the texts of `app` is all over the client: the spec of the catalogues looks there.
describe.each(pairs.filter(({ en }) => !isPartOfApp(en)))('the texts of $folder', ({ folder, en }) => {
  it('hold every key that is asked for', () => {
    const known = slotsOf(en);
    const asked = askedIn(folder);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((key) => !known.has(key))).toEqual([]);
  });
});
