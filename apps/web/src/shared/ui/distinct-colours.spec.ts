import { describe, expect, it } from 'vitest';
import { distinctColours, PERSON_COLOURS, withDistinctColours } from './distinct-colours.ts';

const person = (id: string, colour: number) => ({ id, colour });

describe('distinctColours', () => {
  it('leaves everybody their own colour where nobody else has it', () => {
    expect([...distinctColours([person('a', 3), person('b', 7)])]).toEqual([
      ['a', 3],
      ['b', 7],
    ]);
  });

  it('gives the next free colour to whoever comes later by id, in whichever order they are named', () => {
    const people = [person('c', 11), person('a', 11), person('b', 0)];
    const expected = { a: 11, b: 0, c: 1 };
    expect(Object.fromEntries(distinctColours(people))).toEqual(expected);
    expect(Object.fromEntries(distinctColours(people.toReversed()))).toEqual(expected);
    expect(withDistinctColours(people).map(({ id, colour }) => [id, colour])).toEqual([
      ['c', 1],
      ['a', 11],
      ['b', 0],
    ]);
  });

  it('does not change the group when somebody visits', () => {
    const group = [person('m', 2), person('n', 2)];
    const alone = distinctColours(group);
    const visited = distinctColours(group, [person('a', 2)]);
    for (const [id, colour] of alone) expect(visited.get(id)).toBe(colour);
    expect(new Set(visited.values()).size).toBe(3);
  });

  it('shares colours only when there are more people than colours', () => {
    const crowd = Array.from({ length: PERSON_COLOURS + 2 }, (_, at) => person(`p${at + 10}`, 5));
    const colours = [...distinctColours(crowd).values()];
    expect(new Set(colours.slice(0, PERSON_COLOURS)).size).toBe(PERSON_COLOURS);
    expect(colours.length).toBe(PERSON_COLOURS + 2);
  });
});
