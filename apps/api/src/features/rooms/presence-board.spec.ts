import { decodeFrame, MAX_SERVER_FRAME_BYTES, type PresenceEntry, type PresenceUser } from '@lineage/collab';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PresenceBoard, type PresenceMember } from './presence-board.ts';

const user: PresenceUser = { id: 'a', name: 'A', initials: 'A', colour: 0, color: '#000000', role: 'driver' };
const mayUse = (): boolean => true;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Member implements PresenceMember {
  readonly user = user;
  readonly isStock: boolean;
  frames: Uint8Array[] = [];

  constructor(isStock = false) {
    this.isStock = isStock;
  }

  sendPresence(frame: Uint8Array): void {
    this.frames.push(frame);
  }

  takeEntries(): PresenceEntry[] {
    const entries = this.frames.flatMap((bytes) => {
      const frame = decodeFrame(bytes, MAX_SERVER_FRAME_BYTES);
      return frame?.type === 'presence' ? frame.entries : [];
    });
    this.frames = [];
    return entries;
  }
}

function fill(count: number): { board: PresenceBoard; members: Member[] } {
  const board = new PresenceBoard();
  const members = Array.from({ length: count }, () => new Member());
  members.forEach((member, nth) => {
    board.join(member);
    move(board, member, nth, 0);
  });
  return { board, members };
}

const move = (board: PresenceBoard, member: Member, nth: number, line: number): void =>
  board.receive(member, [{ clientId: 100 + nth, clock: 1, state: { line } }], mayUse);

it('tells a class that comes in at once of everybody in the same bytes', () => {
  const { board, members } = fill(40);
  const others = [new Member(), new Member()];
  for (const other of others) board.join(other);
  vi.runOnlyPendingTimers();
  const frames = [...members, ...others].map((member) => member.frames);
  expect(frames[0]).toHaveLength(1);
  expect(frames.slice(2).every(([frame]) => frame === frames[1]?.[0])).toBe(true);
  expect(others.map((other) => other.takeEntries().length)).toEqual([40, 40]);
  board.close();
});

it('tells of those who moved, and of nobody else', () => {
  const { board, members } = fill(3);
  vi.runOnlyPendingTimers();
  for (const member of members) member.takeEntries();
  const [first, second] = members;
  if (first === undefined || second === undefined) throw new Error('nobody');
  move(board, second, 1, 7);
  move(board, second, 1, 8);
  vi.runOnlyPendingTimers();
  expect(first.frames).toHaveLength(1);
  expect(first.takeEntries().map(({ clientId, state }) => [clientId, state?.['line']])).toEqual([[101, 8]]);
  board.close();
});

it('collects longer in a room of many than in a room of few', () => {
  const ticks = [2, 100, 300].map((count) => {
    const { board, members } = fill(count);
    vi.runOnlyPendingTimers();
    const [first] = members;
    if (first === undefined) throw new Error('nobody');
    first.frames = [];
    move(board, first, 0, 1);
    const beganAt = Date.now();
    vi.advanceTimersToNextTimer();
    expect(first.frames).toHaveLength(1);
    board.close();
    return Date.now() - beganAt;
  });
  expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
  expect(new Set(ticks).size).toBe(3);
});

it('makes no frame that a client would not take, however many there are', () => {
  const { board } = fill(1_200);
  vi.runOnlyPendingTimers();
  const late = new Member();
  board.join(late);
  vi.runOnlyPendingTimers();
  expect(late.frames.length).toBeGreaterThan(1);
  expect(late.takeEntries()).toHaveLength(1_200);
  board.close();
});

it('does not tell a stock client of itself', () => {
  const { board } = fill(2);
  const stock = new Member(true);
  board.join(stock);
  move(board, stock, 50, 1);
  vi.advanceTimersToNextTimer();
  expect(stock.takeEntries().map(({ clientId }) => clientId)).toEqual([100, 101]);
  board.close();
});
