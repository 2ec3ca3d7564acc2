import { expect, it } from 'vitest';
import { readSignedCookie, signedCookie } from './signed-cookie.ts';

const NAME = 'lineage.session_token';
const SECRET = 'a secret of this server';
const TOKEN = 'aZ09'.repeat(8);
const cookie = (secret = SECRET): string => signedCookie(NAME, TOKEN, secret, {}).split(';')[0] ?? '';
const read = (header: string): string | null => readSignedCookie(header, NAME, SECRET);

it('reads what it signed, among others', () => {
  expect(read(cookie())).toBe(TOKEN);
  expect(read(`theme=dark; ${cookie()}; x=${TOKEN}`)).toBe(TOKEN);
});

it('reads nothing that is signed by another, cut, changed, doubled or written in another way', () => {
  const value = cookie().slice(NAME.length + 1);
  for (const header of [
    '',
    NAME,
    cookie('another'),
    cookie().slice(0, -8),
    `${NAME}=b${value.slice(1)}`,
    `${NAME}=${encodeURIComponent(`${TOKEN}.`)}${'A'.repeat(43)}%3D`,
    `${cookie()}; ${cookie()}`,
    `${NAME}="${value}"`,
    `${NAME}=%E0%A4%A${value}`,
    `other-${cookie()}`,
  ])
    expect([header, read(header)]).toEqual([header, null]);
});
