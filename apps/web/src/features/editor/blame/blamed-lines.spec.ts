import type { AccountId, Blame } from '@lineage/contracts';
import { expect, it } from 'vitest';
import { blamedLines } from './blamed-lines.ts';

const ana = { id: 'ana' as AccountId, name: 'Ana Souza', initials: 'AS', colour: 3 };
const blame: Blame = {
  epoch: 1,
  seq: 9,
  runs: [
    { lines: 2, by: null, at: null, others: 0 },
    { lines: 2, by: ana.id, at: '2026-01-01T10:00:00.000Z', others: 1 },
    { lines: 1, by: 'gone' as AccountId, at: '2026-01-01T11:00:00.000Z', others: 0 },
  ],
  people: [ana],
};

it('names whoever wrote at the first of their lines, and says of each whose it is', () => {
  const lines = blamedLines(blame, {
    when: (instant) => instant.slice(11, 16),
    words: (person, when, others) => `${person?.name ?? 'somebody'} +${others} at ${when}`,
    template: 'template',
  });
  expect(lines).toEqual([
    { line: 1, hue: null, name: '', time: '', words: 'template' },
    { line: 2, hue: null, name: '', time: '', words: 'template' },
    { line: 3, hue: 3, name: 'AS', time: '10:00', words: 'Ana Souza +1 at 10:00' },
    { line: 4, hue: 3, name: '', time: '', words: 'Ana Souza +1 at 10:00' },
    { line: 5, hue: null, name: '?', time: '11:00', words: 'somebody +0 at 11:00' },
  ]);
});
