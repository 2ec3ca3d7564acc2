import { decodeFrame, MAX_SERVER_FRAME_BYTES } from '@lineage/collab';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EditShowing } from './edit-showing.ts';
import { SHOW_TOGETHER } from './room-limits.ts';

const { fromSockets, afterMs, forMs } = SHOW_TOGETHER;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Remembers what reached it: the edits of each write. */
class Member {
  readonly writes: number[][] = [];
  #gathered: number[] | null = null;

  gather(): void {
    this.#gathered = [];
  }

  sendEdit(frame: Uint8Array): void {
    const sent = decodeFrame(frame, MAX_SERVER_FRAME_BYTES);
    const edit = sent?.type === 'update' ? (sent.update[0] ?? 0) : 0;
    if (this.#gathered === null) this.writes.push([edit]);
    else this.#gathered.push(edit);
  }

  sendGathered(): void {
    this.writes.push(this.#gathered ?? []);
    this.#gathered = null;
  }
}

function room(sockets: number): { author: Member; reader: Member; edit(n: number): Promise<void> } {
  const [author, reader, ...others] = Array.from({ length: sockets }, () => new Member());
  if (author === undefined || reader === undefined) throw new RangeError('nobody reads');
  const showing = new EditShowing(new Set([author, reader, ...others]));
  const edit = (n: number): Promise<void> => {
    showing.show({ author, update: Uint8Array.of(n) });
    return Promise.resolve();
  };
  return { author, reader, edit };
}

it('shows what comes in one turn with one write, and nobody their own', async () => {
  const { author, reader, edit } = room(3);
  await Promise.all([edit(1), edit(2)]);
  expect(reader.writes).toEqual([[1, 2]]);
  expect(author.writes).toEqual([[]]);
});

it('waits for nothing where few read', async () => {
  const { reader, edit } = room(fromSockets - 1);
  for (const n of [1, 2, 3]) await edit(n);
  expect(reader.writes).toEqual([[1], [2], [3]]);
});

it('waits for nothing when edits come one by one, however many read', async () => {
  const { reader, edit } = room(fromSockets);
  for (const n of [1, 2]) {
    await edit(n);
    await vi.advanceTimersByTimeAsync(afterMs);
  }
  expect(reader.writes).toEqual([[1], [2]]);
});

it('lets an edit wait for company where many read and the last was shown just now', async () => {
  const { reader, edit } = room(fromSockets);
  await edit(1);
  await vi.advanceTimersByTimeAsync(afterMs - 1);
  await edit(2);
  await vi.advanceTimersByTimeAsync(forMs - 1);
  await edit(3);
  expect(reader.writes).toEqual([[1]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(reader.writes).toEqual([[1], [2, 3]]);
});
