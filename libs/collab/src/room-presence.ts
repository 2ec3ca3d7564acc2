import type { Frame } from './frames.ts';
import { MAX_REASON_LENGTH } from './limits.ts';
import type { PresenceCursor, PresenceEntry, PresencePoint, PresenceTop, PresenceUser } from './presence.ts';

/** What others are told about this client. The server adds who it is. */
export type OwnPresence = {
  readonly cursor: PresenceCursor | null;
  readonly point: PresencePoint | null;
  readonly top: PresenceTop | null;
  /** The account that this person follows at the moment. */
  readonly follows: string | null;
  /** "Look here", each time another number; only a lead's counts. */
  readonly gather: number | null;
};

/** Somebody in the room, as the server stamped them. */
export type RoomPerson = OwnPresence & { readonly clientId: number; readonly user: PresenceUser };

/** Own presence goes out at most this often: the server collects for as long. */
const SEND_EVERY_MS = 50;

/** Everybody else in a room, and what we tell about ourselves: only on change, never repeated, never echoed. */
export class RoomPresence {
  readonly #clientId: number;
  readonly #send: (frame: Frame) => void;
  readonly #changed: () => void;
  #people: ReadonlyMap<number, RoomPerson> = new Map();
  #own: OwnPresence = { cursor: null, point: null, top: null, follows: null, gather: null };
  #clock = 0;
  #lastSent = '';
  #timer: ReturnType<typeof setTimeout> | null = null;
  #open = false;

  constructor(clientId: number, send: (frame: Frame) => void, changed: () => void) {
    this.#clientId = clientId;
    this.#send = send;
    this.#changed = changed;
  }

  /** Everybody but this client; a new map at each change, entries keep their identity while they stay the same. */
  get people(): ReadonlyMap<number, RoomPerson> {
    return this.#people;
  }

  get own(): OwnPresence {
    return this.#own;
  }

  tell(change: Partial<OwnPresence>): void {
    this.#own = { ...this.#own, ...change };
    // A caret that moves changes nothing that is shown to oneself.
    if (change.point !== undefined) this.#changed();
    if (this.#open) this.#timer ??= setTimeout(() => this.#flush(), SEND_EVERY_MS);
  }

  /** At the handshake: we are here. */
  announce(): void {
    this.#open = true;
    this.#lastSent = '';
    this.#flush();
  }

  closed(): void {
    this.#open = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#people.size > 0) {
      this.#people = new Map();
      this.#changed();
    }
  }

  receive(entries: readonly PresenceEntry[]): void {
    const people = new Map(this.#people);
    for (const { clientId, state } of entries) {
      const user = state === null ? null : readUser(state['user']);
      if (clientId === this.#clientId) continue;
      if (state === null || user === null) people.delete(clientId);
      else {
        const before = people.get(clientId);
        people.set(clientId, {
          clientId,
          user,
          cursor: kept(before?.cursor, readCursor(state['cursor'])),
          point: kept(before?.point, readPoint(state['point'])),
          top: kept(before?.top, readTop(state['top'])),
          follows: readWord(state['follows']),
          gather: readNumber(state['gather']),
        });
      }
    }
    this.#people = people;
    this.#changed();
  }

  #flush(): void {
    this.#timer = null;
    const json = JSON.stringify(this.#own);
    if (!this.#open || json === this.#lastSent) return;
    this.#lastSent = json;
    this.#clock += 1;
    this.#send({
      type: 'presence',
      entries: [{ clientId: this.#clientId, clock: this.#clock, state: { ...this.#own } }],
    });
  }
}

/** The object of before when nothing in it changed, so that what watches it sees no news. */
const kept = <T>(before: T | undefined, now: T): T =>
  before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function readUser(value: unknown): PresenceUser | null {
  if (!isRecord(value)) return null;
  const { id, name, initials, colour, color, role } = value;
  const whole =
    typeof id === 'string' &&
    typeof name === 'string' &&
    typeof initials === 'string' &&
    typeof colour === 'number' &&
    typeof color === 'string' &&
    typeof role === 'string';
  return whole ? { id, name, initials, colour, color, role } : null;
}

/** What another client told; only its shape is known to be right. */
function readCursor(value: unknown): PresenceCursor | null {
  if (
    !isRecord(value) ||
    typeof value['file'] !== 'string' ||
    !isRecord(value['anchor']) ||
    !isRecord(value['head'])
  )
    return null;
  return { file: value['file'], anchor: value['anchor'], head: value['head'] };
}

function readTop(value: unknown): PresenceTop | null {
  if (!isRecord(value) || typeof value['file'] !== 'string' || !isRecord(value['at'])) return null;
  return { file: value['file'], at: value['at'] };
}

const readWord = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= MAX_REASON_LENGTH ? value : null;
const readNumber = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function readPoint(value: unknown): PresencePoint | null {
  if (!isRecord(value)) return null;
  const { file, line, nonce, at } = value;
  const whole =
    typeof file === 'string' &&
    typeof line === 'number' &&
    Number.isSafeInteger(line) &&
    line > 0 &&
    typeof nonce === 'number';
  if (!whole) return null;
  return isRecord(at) ? { file, line, nonce, at } : { file, line, nonce };
}
