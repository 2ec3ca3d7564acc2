import type { Blame, Person } from '@lineage/contracts';
import type { BlamedLine } from '../codemirror/blame-gutter.ts';

type Words = {
  readonly when: (instant: string) => string;
  readonly words: (person: Person | null, when: string, others: number) => string;
  readonly template: string;
};

/** Of every line whose it is; what repeats the line before has no words of its own in the gutter. */
export function blamedLines({ runs, people }: Blame, { when, words, template }: Words): BlamedLine[] {
  const lines: BlamedLine[] = [];
  for (const { lines: count, by, at, others } of runs) {
    const person = people.find(({ id }) => id === by) ?? null;
    const time = at === null ? '' : when(at);
    for (let i = 0; i < count; i += 1) {
      lines.push({
        line: lines.length + 1,
        hue: person?.colour ?? null,
        name: i > 0 || by === null ? '' : (person?.initials ?? '?'),
        time: i > 0 ? '' : time,
        words: by === null ? template : words(person, time, others),
      });
    }
  }
  return lines;
}
