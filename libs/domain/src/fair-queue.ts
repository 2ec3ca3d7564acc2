/** Work that waits for a slot. Turns go round groups, then round the people of a group. */
export type Waiting<Id extends string = string> = {
  readonly id: Id;
  readonly groupId: string;
  readonly accountId: string;
};

/** Takes in arrival order within one person, in turn among the people of a group, in turn among groups. No clock, no IO. */
export class FairQueue<Id extends string = string> {
  readonly #groups = new Map<string, Map<string, Waiting<Id>[]>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(item: Waiting<Id>): void {
    const people = this.#groups.get(item.groupId) ?? new Map<string, Waiting<Id>[]>();
    const line = people.get(item.accountId) ?? [];
    line.push(item);
    people.set(item.accountId, line);
    this.#groups.set(item.groupId, people);
    this.#size += 1;
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
        this.#size -= 1;
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
        this.#size -= 1;
        return true;
      }
    }
    return false;
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
