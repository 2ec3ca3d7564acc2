import { describe, expect, it } from 'vitest';
import { followTarget } from './follow-target.ts';

const cursor = { file: 'f', anchor: {}, head: {} };
const person = (id: string, follows: string | null = null, at: typeof cursor | null = cursor) => ({
  user: { id, name: id, initials: id, colour: 0, color: '', role: 'driver' },
  follows,
  cursor: at,
});
const targetOf = (id: string, people: ReturnType<typeof person>[]) =>
  followTarget(id, people, 'me')?.user.id ?? null;

describe('whose view one sees by following somebody', () => {
  it('is theirs, or that of whom they follow', () => {
    expect(targetOf('lead', [person('lead'), person('ana')])).toBe('lead');
    expect(targetOf('lead', [person('lead', 'ana'), person('ana', 'bo'), person('bo')])).toBe('bo');
  });

  it('is theirs when whom they follow is not here, or is oneself', () => {
    expect(targetOf('lead', [person('lead', 'gone')])).toBe('lead');
    expect(targetOf('lead', [person('lead', 'me')])).toBe('lead');
  });

  it('ends in a circle', () => {
    expect(targetOf('a', [person('a', 'b'), person('b', 'a')])).toBe('b');
  });

  it('is the page that is in a file, of several; nobody when they left', () => {
    const idle = person('lead', null, null);
    const reading = person('lead');
    expect(followTarget('lead', [idle, reading], 'me')).toBe(reading);
    expect(targetOf('gone', [reading])).toBeNull();
  });
});
