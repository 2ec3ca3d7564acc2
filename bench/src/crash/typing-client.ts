import { decodeFrame, isTransient, listFiles, readStateVector, RoomSession } from '@lineage/collab';
import type { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Person } from '../system/person.ts';
import { roomSocket } from '../system/room-client.ts';

const RECONNECT_MS = { from: 50, to: 250 };
/** Between two edits: somebody who types fast. */
const PAUSE_MS = { from: 20, to: 60 };
const LONGEST_EDIT = 3;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** What one client found out about the server's promise. */
export type Promises = {
  /** Characters that were acknowledged as saved and that the server, when it was back, did not have. */
  readonly lostCharacters: number;
  /** Closes with a code that tells a client never to come back. */
  readonly finalCloses: number;
};

/**
 * Somebody who types without a pause, through every loss of the connection. Yjs numbers a client's characters, so what
 * the server has of ours is one number of the state vector that it greets with: below what it acknowledged, the
 * difference is lost. The client would send the lost text again, so it has to be caught at that very moment.
 */
export class TypingClient {
  readonly doc = new Y.Doc();
  readonly #person: Person;
  readonly #workspaceId: string;
  readonly #session: RoomSession;
  #socket: WebSocket | null = null;
  #typing: NodeJS.Timeout | null = null;
  #connecting: NodeJS.Timeout | null = null;
  #acknowledged = 0;
  #lost = 0;
  #finalCloses = 0;
  #broken: string | null = null;

  constructor(person: Person, workspaceId: string) {
    this.#person = person;
    this.#workspaceId = workspaceId;
    this.#session = new RoomSession(this.doc, {
      changed: () => {},
      refused: (reason) => (this.#broken = `an edit was refused: ${reason}`),
      epochChanged: () => (this.#broken = 'the workspace was reset'),
    });
    this.#connect();
  }

  /** Characters typed here. */
  get typed(): number {
    return Y.getState(this.doc.store, this.doc.clientID);
  }

  /** Of those typed here, the first this many were shown as saved. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  get isSynced(): boolean {
    return this.#session.state.synced;
  }

  get promises(): Promises {
    return { lostCharacters: this.#lost, finalCloses: this.#finalCloses };
  }

  /** What makes going on senseless. */
  get broken(): string | null {
    return this.#broken;
  }

  start(): void {
    this.#typing = setTimeout(() => {
      this.#type();
      this.start();
    }, within(PAUSE_MS));
  }

  pause(): void {
    if (this.#typing !== null) clearTimeout(this.#typing);
    this.#typing = null;
  }

  leave(): void {
    this.pause();
    if (this.#connecting !== null) clearTimeout(this.#connecting);
    const socket = this.#socket;
    this.#socket = null;
    this.#session.destroy();
    socket?.terminate();
  }

  #connect(): void {
    const socket = roomSocket(this.#person, this.#workspaceId);
    this.#socket = socket;
    socket.on('open', () => this.#session.opened((bytes) => socket.send(bytes)));
    socket.on('message', (data: Buffer) => this.#receive(data));
    // The close that follows is where it is dealt with.
    socket.on('error', () => {});
    socket.once('close', (code) => {
      this.#session.closed();
      if (this.#socket !== socket) return;
      if (!isTransient(code)) this.#finalCloses += 1;
      this.#connecting = setTimeout(() => this.#connect(), within(RECONNECT_MS));
    });
  }

  #receive(data: Buffer): void {
    const frame = decodeFrame(data);
    if (frame?.type === 'sync-step-1') this.#compare(frame.stateVector);
    this.#session.receive(data);
    // Only an acknowledgement makes it saved, and only then is the state certain to count every edit.
    if (frame?.type === 'ack' && this.#session.state.saved) this.#acknowledged = this.typed;
  }

  #compare(stateVector: Uint8Array): void {
    const there = readStateVector(stateVector).get(this.doc.clientID) ?? 0;
    const lost = Math.max(0, this.#acknowledged - there);
    this.#lost += lost;
    // Each lost character counts once.
    this.#acknowledged -= lost;
  }

  #type(): void {
    const text = listFiles(this.doc).find(({ path }) => path === 'main.go')?.text;
    // Nothing is here before the first connection.
    if (text === undefined) return;
    const length = 1 + Math.floor(Math.random() * LONGEST_EDIT);
    const letters = Array.from({ length }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]);
    text.insert(Math.floor(Math.random() * (text.length + 1)), letters.join(''));
  }
}

const within = ({ from, to }: { from: number; to: number }): number => from + Math.random() * (to - from);
