import type { RoomPerson } from '@lineage/collab';
import { distinctColours, type Coloured } from '../../../shared/ui/distinct-colours.ts';

/**
 * Colours of the people in one room, no two the same while there are enough. The group comes first, so that its members
 * look the same to everybody and at every visit; who visits takes what is left.
 */
export class Palette {
  readonly #known: readonly Coloured[];
  #visitors = new Map<string, Coloured>();
  #colours: ReadonlyMap<string, number>;
  /** Painted copies: a person who did not move stays the same object, by which carets know it. */
  readonly #painted = new WeakMap<RoomPerson, RoomPerson>();

  constructor(members: readonly Coloured[]) {
    this.#known = members;
    this.#colours = distinctColours(members);
  }

  paint<Someone extends Coloured>(person: Someone): Someone {
    const colour = this.#colours.get(person.id);
    return colour === undefined || colour === person.colour ? person : { ...person, colour };
  }

  apply(people: ReadonlyMap<number, RoomPerson>): ReadonlyMap<number, RoomPerson> {
    this.#meet([...people.values()].map(({ user }) => user));
    return new Map([...people].map(([clientId, person]) => [clientId, this.#copyOf(person)]));
  }

  #meet(present: readonly Coloured[]): void {
    const strangers = present.filter(({ id }) => !this.#colours.has(id));
    if (strangers.length === 0) return;
    for (const { id, colour } of strangers) this.#visitors.set(id, { id, colour });
    this.#colours = distinctColours(this.#known, [...this.#visitors.values()]);
  }

  #copyOf(person: RoomPerson): RoomPerson {
    const user = this.paint(person.user);
    if (user === person.user) return person;
    const known = this.#painted.get(person);
    if (known?.user.colour === user.colour) return known;
    const copy = { ...person, user };
    this.#painted.set(person, copy);
    return copy;
  }
}
