import { Injectable } from '@nestjs/common';
import type { AccountId, ClassSessionId, CohortId, PresentPerson } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { toPerson } from '../identity/index.ts';

type Seat = { readonly person: PresentPerson; readonly connections: Set<string> };

/** Who watches a class session now. Never stored: it may be lost with the process. */
@Injectable()
export class ClassPresence {
  readonly #classes = new Map<ClassSessionId, Map<AccountId, Seat>>();

  /** Whether somebody came, or came as somebody else. A person with two connections is here once. */
  enter(id: ClassSessionId, cohortId: CohortId, connectionId: string, caller: Caller): boolean {
    const seats = this.#classes.get(id) ?? new Map<AccountId, Seat>();
    this.#classes.set(id, seats);
    const before = seats.get(caller.accountId);
    const role = caller.memberships.find((m) => m.cohortId === cohortId)?.role ?? 'guest';
    const person: PresentPerson = { ...toPerson({ id: caller.accountId, name: caller.name }), role };
    const connections = before?.connections ?? new Set();
    connections.add(connectionId);
    seats.set(caller.accountId, { person, connections });
    return before === undefined || before.person.role !== role;
  }

  /** Whether the person is gone with this connection. */
  leave(id: ClassSessionId, connectionId: string, accountId: AccountId): boolean {
    const seats = this.#classes.get(id);
    const seat = seats?.get(accountId);
    if (seats === undefined || seat === undefined) return false;
    seat.connections.delete(connectionId);
    if (seat.connections.size > 0) return false;
    seats.delete(accountId);
    if (seats.size === 0) this.#classes.delete(id);
    return true;
  }

  peopleIn(id: ClassSessionId): PresentPerson[] {
    return [...(this.#classes.get(id)?.values() ?? [])].map((seat) => seat.person);
  }

  isIn(id: ClassSessionId, accountId: AccountId): boolean {
    return this.#classes.get(id)?.has(accountId) ?? false;
  }
}
