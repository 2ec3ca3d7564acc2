/** What of a person their colour is chosen by. */
export type Coloured = { readonly id: string; readonly colour: number };

/** Colours in the palette of people (`--ln-person-0` and on). */
export const PERSON_COLOURS = 12;

/**
 * A colour for each of these people: their own where it is free, else the next one that is. `first` choose before
 * `others`, and within each the order is that of the ids, so that every page comes to the same. With more people than
 * colours the last ones share.
 */
export function distinctColours(
  first: readonly Coloured[],
  others: readonly Coloured[] = [],
): ReadonlyMap<string, number> {
  const chosen = new Map<string, number>();
  const taken = new Set<number>();
  for (const { id, colour } of [...byId(first), ...byId(others)]) {
    if (chosen.has(id)) continue;
    let free = colour % PERSON_COLOURS;
    while (taken.has(free) && taken.size < PERSON_COLOURS) free = (free + 1) % PERSON_COLOURS;
    chosen.set(id, free);
    taken.add(free);
  }
  return chosen;
}

const byId = (people: readonly Coloured[]): Coloured[] =>
  people.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/** The same people with colours that differ, in the order they came in. */
export function withDistinctColours<Person extends Coloured>(people: readonly Person[]): Person[] {
  const colours = distinctColours(people);
  return people.map((person) => ({ ...person, colour: colours.get(person.id) ?? person.colour }));
}
