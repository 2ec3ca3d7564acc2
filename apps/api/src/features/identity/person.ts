import { createHash } from 'node:crypto';
import type { AccountId, Person } from '@lineage/contracts';

const PERSON_COLOURS = 12;
const hanName = /\p{Script=Han}/u;

/** How an account is shown to others: one stable colour, and initials that work for Latin and Han names. */
export function toPerson(account: { readonly id: AccountId; readonly name: string }): Person {
  return {
    id: account.id,
    name: account.name,
    initials: initialsOf(account.name),
    colour: colourOf(account.id),
  };
}

function colourOf(id: AccountId): number {
  return createHash('sha256').update(id).digest().readUInt16BE(0) % PERSON_COLOURS;
}

/** A Han name is known by its given name, so its last two characters; else the first letters of the outer words. */
function initialsOf(name: string): string {
  const trimmed = name.trim();
  if (hanName.test(trimmed)) return [...trimmed.replace(/\s/gu, '')].slice(-2).join('');
  const words = trimmed.split(/\s+/u);
  const first = words[0] ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return `${[...first][0] ?? '?'}${[...last][0] ?? ''}`.toUpperCase();
}
