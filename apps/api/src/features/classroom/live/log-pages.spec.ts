import { describe, expect, it } from 'vitest';
import { EventFeed } from './event-feed.ts';
import type { LiveSocket } from './live-socket.ts';
import { LogPages } from './log-pages.ts';

type Event = { readonly seq: number };
const upTo = (last: number): Event[] => Array.from({ length: last }, (_, at) => ({ seq: at + 1 }));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function logOf(events: Event[]) {
  const reads: number[] = [];
  const emitted: { to: string[]; seqs: number[] }[] = [];
  const pages = new LogPages<Event>(
    async (seq) => {
      reads.push(seq);
      const page = events.filter((event) => event.seq > seq);
      await turn();
      return page;
    },
    (to, page) => void emitted.push({ to: to.map(({ id }) => id), seqs: page.map(({ seq }) => seq) }),
  );
  const watch = (id: string, after = 0): EventFeed<Event> => {
    const socket = { id } as LiveSocket;
    const feed = new EventFeed<Event>(after, {
      page: (seq) => pages.after(seq),
      send: (page) => pages.send(socket, page),
      failed: (err) => {
        throw err;
      },
    });
    feed.look();
    return feed;
  };
  return { reads, emitted, pages, watch };
}

describe('LogPages', () => {
  it('reads what many missed once, and sends it to all of them at once', async () => {
    const { reads, emitted, watch } = logOf(upTo(3));
    for (const id of ['a', 'b', 'c']) watch(id);
    watch('d', 2);
    for (let n = 0; n < 8; n++) await turn();
    expect(emitted).toEqual([
      { to: ['a', 'b', 'c'], seqs: [1, 2, 3] },
      { to: ['d'], seqs: [3] },
    ]);
    expect(reads.filter((seq) => seq === 0)).toHaveLength(1);
  });

  it('does not answer with what was read before it was asked', async () => {
    const events = upTo(1);
    const { emitted, watch } = logOf(events);
    watch('early');
    await Promise.resolve();
    events.push({ seq: 2 });
    watch('late');
    for (let n = 0; n < 10; n++) await turn();
    const heard = (id: string): number[] => emitted.flatMap(({ to, seqs }) => (to.includes(id) ? seqs : []));
    expect(heard('late')).toEqual([1, 2]);
  });

  it('sends what it read before what its owner sends next', () => {
    const { emitted, pages } = logOf([]);
    const page = upTo(2);
    pages.send({ id: 'a' } as LiveSocket, page);
    pages.flush();
    expect(emitted).toEqual([{ to: ['a'], seqs: [1, 2] }]);
    pages.flush();
    expect(emitted).toHaveLength(1);
  });
});
