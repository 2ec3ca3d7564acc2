import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type AccountId,
  type ClassSessionId,
  classSessionIdSchema,
  type CohortId,
  cohortIdSchema,
  type PresentPerson,
  presentPersonSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { z } from 'zod';
import { toPerson } from '../identity/index.ts';
import { EventStream } from '../processes/index.ts';

type Seat = { readonly person: PresentPerson; readonly connections: Set<string> };
type Local = { readonly cohortId: CohortId; readonly seats: Map<AccountId, Seat> };
export type ClassElsewhere = { readonly id: ClassSessionId; readonly cohortId: CohortId };

/** People of one class at one process: all of them, each time somebody comes or goes. */
const hereSchema = z.object({
  id: classSessionIdSchema,
  cohortId: cohortIdSchema,
  people: z.array(presentPersonSchema),
});
type Here = z.infer<typeof hereSchema>;

const HERE = 'class.here';
const WHO = 'class.who_is_here';

/**
 * Who watches a class session now, at this process and at the others. Never stored: it may be lost with the process, and
 * what others said is forgotten when they are gone.
 */
@Injectable()
export class ClassPresence implements OnModuleInit {
  readonly #classes = new Map<ClassSessionId, Local>();
  readonly #elsewhere = new Map<string, Map<ClassSessionId, Here>>();
  readonly #onElsewhere = new Set<(changed: ClassElsewhere) => void>();

  constructor(private readonly stream: EventStream) {}

  onModuleInit(): void {
    this.stream.hear(HERE, (payload, from) => this.#heard(from, hereSchema.parse(payload)));
    this.stream.hear(WHO, () => this.#tellAll());
    this.stream.onGone((process) => this.#forget(process));
    this.stream.onGap(() => {
      this.stream.tell(WHO, null);
      this.#tellAll();
    });
  }

  /** Called when somebody came or went at another process. */
  onElsewhere(listener: (changed: ClassElsewhere) => void): void {
    this.#onElsewhere.add(listener);
  }

  /** Whether somebody came, or came as somebody else. A person with two connections is here once. */
  enter(id: ClassSessionId, cohortId: CohortId, connectionId: string, caller: Caller): boolean {
    const local = this.#classes.get(id) ?? { cohortId, seats: new Map<AccountId, Seat>() };
    // Before the first one, nobody told us who is there already.
    if (this.#classes.size === 0) this.stream.tell(WHO, null);
    this.#classes.set(id, local);
    const before = local.seats.get(caller.accountId);
    const role = caller.memberships.find((m) => m.cohortId === cohortId)?.role ?? 'guest';
    const person: PresentPerson = { ...toPerson({ id: caller.accountId, name: caller.name }), role };
    const connections = before?.connections ?? new Set();
    connections.add(connectionId);
    local.seats.set(caller.accountId, { person, connections });
    const isNews = before === undefined || before.person.role !== role;
    if (isNews) this.#tellOthers(id);
    return isNews;
  }

  /** Whether the person is gone with this connection. */
  leave(id: ClassSessionId, connectionId: string, accountId: AccountId): boolean {
    const local = this.#classes.get(id);
    const seat = local?.seats.get(accountId);
    if (local === undefined || seat === undefined) return false;
    seat.connections.delete(connectionId);
    if (seat.connections.size > 0) return false;
    local.seats.delete(accountId);
    this.#tellOthers(id);
    if (local.seats.size === 0) this.#classes.delete(id);
    return true;
  }

  peopleIn(id: ClassSessionId): PresentPerson[] {
    const people = new Map<AccountId, PresentPerson>();
    for (const classes of this.#elsewhere.values())
      for (const person of classes.get(id)?.people ?? []) people.set(person.id, person);
    for (const { person } of this.#classes.get(id)?.seats.values() ?? []) people.set(person.id, person);
    return [...people.values()];
  }

  isIn(id: ClassSessionId, accountId: AccountId): boolean {
    if (this.#classes.get(id)?.seats.has(accountId) === true) return true;
    return [...this.#elsewhere.values()].some(
      (classes) => classes.get(id)?.people.some((person) => person.id === accountId) === true,
    );
  }

  #tellOthers(id: ClassSessionId): void {
    const local = this.#classes.get(id);
    if (local === undefined) return;
    const people = [...local.seats.values()].map(({ person }) => person);
    this.stream.tell(HERE, { id, cohortId: local.cohortId, people } satisfies Here);
  }

  #tellAll(): void {
    for (const id of this.#classes.keys()) this.#tellOthers(id);
  }

  #heard(process: string, here: Here): void {
    const classes = this.#elsewhere.get(process) ?? new Map<ClassSessionId, Here>();
    this.#elsewhere.set(process, classes);
    if (here.people.length > 0) classes.set(here.id, here);
    else classes.delete(here.id);
    this.#changed(here);
  }

  #forget(process: string): void {
    const classes = [...(this.#elsewhere.get(process)?.values() ?? [])];
    this.#elsewhere.delete(process);
    for (const here of classes) this.#changed(here);
  }

  #changed({ id, cohortId }: ClassElsewhere): void {
    for (const listener of this.#onElsewhere) listener({ id, cohortId });
  }
}
