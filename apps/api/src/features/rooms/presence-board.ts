import { encodeFrame, MAX_PRESENCE_BYTES, type PresenceEntry, type PresenceUser } from '@lineage/collab';
import { PRESENCE_RENEWAL_MS, PRESENCE_TICK_MS } from './room-limits.ts';
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
  #clock = 0;
  #tick: NodeJS.Timeout | null = null;
  #renewal: NodeJS.Timeout | null = null;

  join(member: PresenceMember): void {
    this.#members.add(member);
    this.sendAll(member);
    if (member.isStock) this.#renewal ??= setInterval(() => this.#renew(), PRESENCE_RENEWAL_MS).unref();
  }

  leave(member: PresenceMember): void {
    this.#members.delete(member);
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

  /** Everybody else, for one who just came or missed something. */
  sendAll(member: PresenceMember): void {
    const entries = [...this.#cards]
      .filter(([, card]) => card.member !== member)
      .map(([id, card]) => toEntry(id, card));
    if (entries.length > 0) member.sendPresence(encodeFrame({ type: 'presence', entries }));
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
    this.#tick ??= setTimeout(() => this.#flush(), PRESENCE_TICK_MS).unref();
  }

  #flush(): void {
    this.#tick = null;
    const entries = [...this.#changed.values()];
    this.#changed.clear();
    if (entries.length === 0) return;
    const shared = encodeFrame({ type: 'presence', entries });
    for (const member of this.#members) {
      const own = this.#clientOf.get(member);
      const others = member.isStock ? entries.filter((entry) => entry.clientId !== own) : entries;
      if (others.length === entries.length) member.sendPresence(shared);
      else if (others.length > 0) member.sendPresence(encodeFrame({ type: 'presence', entries: others }));
    }
  }

  /** Stock clients forget whom they do not hear of, so they are told again; an empty frame keeps a lonely one calm. */
  #renew(): void {
    for (const card of this.#cards.values()) card.clock = this.#nextClock();
    for (const member of this.#members) {
      if (!member.isStock) continue;
      const entries = [...this.#cards]
        .filter(([, card]) => card.member !== member)
        .map(([id, card]) => toEntry(id, card));
      member.sendPresence(encodeFrame({ type: 'presence', entries }));
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
