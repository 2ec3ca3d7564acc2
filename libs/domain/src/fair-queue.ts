/** Work that waits for a slot. Turns go round groups, then round the people of a group. */
export type Waiting<Id extends string = string> = {
  readonly id: Id;
  readonly groupId: string;
  readonly accountId: string;
};

/**
 * Takes in arrival order within one person, in turn among the people of a group, in turn among groups: whose last turn was
 * longest ago is next, so that who comes while others have many waiting is next at once. No clock, no IO.
 */
export class FairQueue<Id extends string = string> {
  /** In the order of their turns. */
  readonly #groups = new Map<string, Map<string, Waiting<Id>[]>>();
  /** When a group, and a person of it, had their last turn, counted in turns; forgotten when nobody waits. */
  readonly #lastTurn = new Map<string, number>();
  #turns = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(item: Waiting<Id>): void {
    const { groupId, accountId } = item;
    let people = this.#groups.get(groupId);
    if (people === undefined) {
      people = new Map();
      this.#enter(this.#groups, groupId, people, (other) => other);
    }
    const line = people.get(accountId);
    if (line === undefined) this.#enter(people, accountId, [item], (other) => personOf(groupId, other));
    else line.push(item);
    this.#size += 1;
  }

  /** Puts in before all who had a later turn. */
  #enter<V>(waiting: Map<string, V>, key: string, value: V, nameOf: (key: string) => string): void {
    const turnOf = (of: string): number => this.#lastTurn.get(nameOf(of)) ?? 0;
    const later = [...waiting].filter(([other]) => turnOf(other) > turnOf(key));
    for (const [other] of later) waiting.delete(other);
    waiting.set(key, value);
    for (const [other, had] of later) waiting.set(other, had);
  }

  /** The next in turn among the people who are `ready`; its group and its person go to the back. Others keep their turn. */
  take(ready: (accountId: string) => boolean = () => true): Waiting<Id> | null {
    for (const [groupId, people] of this.#groups) {
      for (const [accountId, line] of people) {
        const item = ready(accountId) ? line.shift() : undefined;
        if (item === undefined) continue;
        people.delete(accountId);
        if (line.length > 0) people.set(accountId, line);
        this.#groups.delete(groupId);
        if (people.size > 0) this.#groups.set(groupId, people);
        this.#turns += 1;
        this.#lastTurn.set(groupId, this.#turns).set(personOf(groupId, accountId), this.#turns);
        this.#left();
        return item;
      }
    }
    return null;
  }

  /** Takes one out of turn, for example because it was cancelled. False when it does not wait. */
  remove(id: Id): boolean {
    for (const [groupId, people] of this.#groups) {
      for (const [accountId, line] of people) {
        const at = line.findIndex((item) => item.id === id);
        if (at < 0) continue;
        line.splice(at, 1);
        if (line.length === 0) people.delete(accountId);
        if (people.size === 0) this.#groups.delete(groupId);
        this.#left();
        return true;
      }
    }
    return false;
  }

  #left(): void {
    this.#size -= 1;
    if (this.#size === 0) this.#lastTurn.clear();
  }

  /** Everything that waits, in the order in which it would be taken. The first is next: place 1. */
  order(): Waiting<Id>[] {
    const copy = new FairQueue<Id>();
    for (const [groupId, people] of this.#groups) {
      copy.#groups.set(groupId, new Map([...people].map(([accountId, line]) => [accountId, [...line]])));
    }
    copy.#size = this.#size;
    const order: Waiting<Id>[] = [];
    for (let item = copy.take(); item !== null; item = copy.take()) order.push(item);
    return order;
  }
}

const personOf = (groupId: string, accountId: string): string => `${groupId} ${accountId}`;
