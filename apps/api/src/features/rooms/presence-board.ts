import { encodeFrame, MAX_PRESENCE_BYTES, type PresenceEntry, type PresenceUser } from '@lineage/collab';
import { PRESENCE_FRAME_ENTRIES, PRESENCE_RENEWAL_MS, PRESENCE_TICKS } from './room-limits.ts';
import { presenceSuppressed } from './room-metrics.ts';

/** A socket as the board sees it. */
export type PresenceMember = {
  readonly user: PresenceUser;
  /** Our own client passes over its own entry; a stock one would take it for news. */
  readonly isStock: boolean;
  sendPresence(frame: Uint8Array): void;
};

type Card = { readonly member: PresenceMember; state: Record<string, unknown>; json: string; clock: number };

/**
 * Who is in a room and where. The server writes the name on every card, so nobody can be somebody else; changes are
 * collected for a tick and sent as one frame; what did not change is not sent.
 */
export class PresenceBoard {
  readonly #members = new Set<PresenceMember>();
  readonly #cards = new Map<number, Card>();
  readonly #clientOf = new Map<PresenceMember, number>();
  readonly #changed = new Map<number, PresenceEntry>();
  /** They are told of everybody with the next tick: a class that comes in at once is then told in one encoding. */
  readonly #newcomers = new Set<PresenceMember>();
  #clock = 0;
  #tick: NodeJS.Timeout | null = null;
  #renewal: NodeJS.Timeout | null = null;

  join(member: PresenceMember): void {
    this.#members.add(member);
    if (this.#cards.size > 0) this.#welcome(member);
    if (member.isStock) this.#renewal ??= setInterval(() => this.#renew(), PRESENCE_RENEWAL_MS).unref();
  }

  leave(member: PresenceMember): void {
    this.#members.delete(member);
    this.#newcomers.delete(member);
    const clientId = this.#clientOf.get(member);
    this.#clientOf.delete(member);
    if (clientId !== undefined) this.#remove(clientId);
    if (this.#members.size === 0) this.close();
  }

  close(): void {
    if (this.#tick !== null) clearTimeout(this.#tick);
    if (this.#renewal !== null) clearInterval(this.#renewal);
    this.#tick = null;
    this.#renewal = null;
  }

  /** Everybody else, for one who missed something. */
  sendAll(member: PresenceMember): void {
    const entries = [...this.#cards]
      .filter(([, card]) => card.member !== member)
      .map(([id, card]) => toEntry(id, card));
    for (const frame of framesOf(entries)) member.sendPresence(frame);
  }

  /**
   * Takes what a client says of itself. Its first id is its own for as long as it is connected; others are dropped: a
   * stock client repeats everybody it knows. `mayUse` says whether the account may use a client id at all.
   */
  receive(
    member: PresenceMember,
    entries: readonly PresenceEntry[],
    mayUse: (clientId: number) => boolean,
  ): void {
    for (const { clientId, state } of entries) {
      const own = this.#clientOf.get(member) ?? this.#adopt(member, clientId, state, mayUse);
      if (clientId !== own) {
        presenceSuppressed.inc();
      } else if (state === null) {
        this.#remove(clientId);
      } else {
        this.#put(member, clientId, state);
      }
    }
  }

  /** The stamp of a member changed (its role). */
  restamp(member: PresenceMember): void {
    const clientId = this.#clientOf.get(member);
    const card = clientId === undefined ? undefined : this.#cards.get(clientId);
    if (clientId !== undefined && card !== undefined) this.#put(member, clientId, card.state);
  }

  #adopt(
    member: PresenceMember,
    clientId: number,
    state: unknown,
    mayUse: (clientId: number) => boolean,
  ): number | undefined {
    if (state === null || this.#cards.has(clientId) || !mayUse(clientId)) return undefined;
    this.#clientOf.set(member, clientId);
    return clientId;
  }

  #put(member: PresenceMember, clientId: number, told: Readonly<Record<string, unknown>>): void {
    const state = { ...told, user: member.user };
    const json = JSON.stringify(state);
    const before = this.#cards.get(clientId);
    if (before?.json === json || JSON.stringify(told).length > MAX_PRESENCE_BYTES) {
      presenceSuppressed.inc();
      return;
    }
    const card: Card = { member, state, json, clock: this.#nextClock() };
    this.#cards.set(clientId, card);
    this.#announce(toEntry(clientId, card));
  }

  #remove(clientId: number): void {
    if (!this.#cards.delete(clientId)) return;
    this.#announce({ clientId, clock: this.#nextClock(), state: null });
  }

  #announce(entry: PresenceEntry): void {
    this.#changed.set(entry.clientId, entry);
    this.#begin();
  }

  #welcome(member: PresenceMember): void {
    this.#newcomers.add(member);
    this.#begin();
  }

  #begin(): void {
    this.#tick ??= setTimeout(() => this.#flush(), tickMs(this.#members.size)).unref();
  }

  #flush(): void {
    this.#tick = null;
    const changed = new Entries([...this.#changed.values()]);
    const everybody = new Entries(
      this.#newcomers.size === 0 ? [] : [...this.#cards].map(([id, card]) => toEntry(id, card)),
    );
    for (const member of this.#members) {
      const entries = this.#newcomers.has(member) ? everybody : changed;
      const own = member.isStock ? this.#clientOf.get(member) : undefined;
      for (const frame of entries.framesWithout(own)) member.sendPresence(frame);
    }
    this.#changed.clear();
    this.#newcomers.clear();
  }

  /** Stock clients forget whom they do not hear of, so they are told again; an empty frame keeps a lonely one calm. */
  #renew(): void {
    for (const card of this.#cards.values()) card.clock = this.#nextClock();
    for (const member of this.#members) {
      if (!member.isStock) continue;
      const entries = [...this.#cards]
        .filter(([, card]) => card.member !== member)
        .map(([id, card]) => toEntry(id, card));
      for (const frame of framesOf(entries, true)) member.sendPresence(frame);
    }
  }

  /** Rises over restarts too, because clients keep the last clock they saw of an id. */
  #nextClock(): number {
    this.#clock = Math.max(this.#clock + 1, Date.now());
    return this.#clock;
  }
}

const toEntry = (clientId: number, card: Card): PresenceEntry => ({
  clientId,
  clock: card.clock,
  state: card.state,
});

/** Entries that go to many, encoded once for all that get all of them. */
class Entries {
  readonly #entries: readonly PresenceEntry[];
  readonly #clientIds: ReadonlySet<number>;
  #frames: readonly Uint8Array[] | null = null;

  constructor(entries: readonly PresenceEntry[]) {
    this.#entries = entries;
    this.#clientIds = new Set(entries.map(({ clientId }) => clientId));
  }

  framesWithout(clientId: number | undefined): readonly Uint8Array[] {
    if (clientId === undefined || !this.#clientIds.has(clientId))
      return (this.#frames ??= framesOf(this.#entries));
    return framesOf(this.#entries.filter((entry) => entry.clientId !== clientId));
  }
}

/** No frame without entries, unless something has to be said. */
function framesOf(entries: readonly PresenceEntry[], evenEmpty = false): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < entries.length || (evenEmpty && at === 0); at += PRESENCE_FRAME_ENTRIES)
    frames.push(encodeFrame({ type: 'presence', entries: entries.slice(at, at + PRESENCE_FRAME_ENTRIES) }));
  return frames;
}

const tickMs = (sockets: number): number =>
  PRESENCE_TICKS.find(({ upToSockets }) => sockets <= upToSockets)?.ms ?? PRESENCE_TICKS[0].ms;
