import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { EventFeed, type FeedEnds } from './event-feed.ts';

type Event = { readonly seq: number };
const upTo = (last: number): Event[] => Array.from({ length: last }, (_, at) => ({ seq: at + 1 }));

/** A feed of somebody who looks at once what was missed. */
function opened(after: number, ends: FeedEnds<Event>): EventFeed<Event> {
  const feed = new EventFeed<Event>(after, ends);
  feed.look();
  return feed;
}

/** A log whose reads answer when they are told to, as a slow database does. */
function slowLog(pageSize: number) {
  const log: Event[] = [];
  const waiting: (() => void)[] = [];
  const sent: number[] = [];
  const failed = vi.fn<(err: unknown) => void>();
  return {
    log,
    sent,
    failed,
    ends: {
      page: (seq: number): Promise<Event[]> =>
        new Promise((resolve) => {
          // What is committed when the database reads, not when the answer arrives.
          const page = log.filter((event) => event.seq > seq).slice(0, pageSize);
          waiting.push(() => resolve(page));
        }),
      send: (events: readonly Event[]): void => void sent.push(...events.map((event) => event.seq)),
      failed,
    },
    answerOne: async (): Promise<void> => {
      waiting.shift()?.();
      await new Promise(setImmediate);
    },
    answerAll: async (): Promise<void> => {
      await new Promise(setImmediate);
      while (waiting.length > 0) {
        waiting.shift()?.();
        await new Promise(setImmediate);
      }
    },
  };
}

describe('EventFeed', () => {
  it('sends every event once and in order, whenever it happens and however late reads are', async () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant('read' as const)), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.nat(10),
        fc.integer({ min: 1, max: 4 }),
        async (happens, known, pageSize) => {
          const { log, sent, ends, answerOne, answerAll } = slowLog(pageSize);
          log.push(...upTo(known));
          const after = Math.floor(known / 2);
          const feed = opened(after, ends);
          for (const step of happens) {
            if (step === 'read') {
              await answerOne();
              continue;
            }
            const events = upTo(log.length + step).slice(log.length);
            log.push(...events);
            if (feed.follows(events)) ends.send(events);
          }
          await answerAll();
          expect(sent).toEqual(
            upTo(log.length)
              .map((event) => event.seq)
              .slice(after),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('begins again where it is asked to, and never further on than it was', async () => {
    const { log, sent, ends, answerAll } = slowLog(2);
    log.push(...upTo(5));
    const feed = opened(0, ends);
    feed.rewind(4);
    await answerAll();
    expect(sent).toEqual([1, 2, 3, 4, 5]);
    feed.rewind(3);
    await answerAll();
    expect(sent).toEqual([1, 2, 3, 4, 5, 4, 5]);
  });

  it('takes no page of a place that it was rewound from', async () => {
    const { log, sent, ends, answerAll } = slowLog(10);
    log.push(...upTo(5));
    const feed = opened(4, ends);
    feed.rewind(1);
    await answerAll();
    expect(sent).toEqual([2, 3, 4, 5]);
  });

  it('has its announcer send what follows on, and only that', async () => {
    const { log, sent, ends, answerAll } = slowLog(10);
    const feed = opened(0, ends);
    await answerAll();
    log.push(...upTo(6));
    expect(feed.follows(upTo(2))).toBe(true);
    // Half of it is known, and then a hole: both are read from the log.
    expect(feed.follows(upTo(3))).toBe(false);
    await answerAll();
    expect(feed.follows([{ seq: 9 }])).toBe(false);
    expect(sent).toEqual([3, 4, 5, 6]);
  });

  it('says nothing more once it was stopped', async () => {
    const { log, sent, ends, answerAll } = slowLog(10);
    log.push(...upTo(3));
    const feed = opened(0, ends);
    feed.stop();
    expect(feed.follows(upTo(3))).toBe(false);
    await answerAll();
    expect(sent).toEqual([]);
  });

  it('tells of a log that cannot be read, once', async () => {
    const { ends, failed } = slowLog(1);
    const broken = new Error('the database is away');
    const feed = opened(0, { ...ends, page: () => Promise.reject(broken) });
    await new Promise(setImmediate);
    expect(feed.follows(upTo(1))).toBe(false);
    await new Promise(setImmediate);
    expect(failed.mock.calls).toEqual([[broken]]);
  });

  it('asks for nothing when it is there from the first event on', () => {
    const { ends } = slowLog(1);
    const page = vi.fn<(seq: number) => Promise<Event[]>>();
    const feed = new EventFeed<Event>(0, { ...ends, page });
    expect(feed.follows(upTo(2))).toBe(true);
    expect(page).not.toHaveBeenCalled();
  });
});
