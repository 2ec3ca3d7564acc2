import { afterEach, describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '../../../platform/logging/index.ts';
import { ClusterError } from './cluster-client.ts';
import { PodBook } from './pod-book.ts';
import { PodWatch } from './pod-watch.ts';

/** What a server does at one watch: lines, then an end, an error, or silence. */
type Script = { readonly lines?: readonly unknown[]; readonly then: 'end' | 'hang' | Error };

const timing = { watchSeconds: 1, silenceMs: 100, firstPauseMs: 1, longestPauseMs: 5 };
const raw = (name: string, version: number): object => ({
  metadata: {
    name,
    uid: `uid-${name}`,
    resourceVersion: String(version),
    creationTimestamp: '2026-11-25T12:00:00Z',
  },
});

/** An API server that does what a real one cannot be made to do: a script for each watch, the last one for ever. */
class ScriptedServer {
  readonly asked: Record<string, string | number | boolean>[] = [];
  lists = 0;

  constructor(
    private readonly listed: (nth: number) => object,
    private readonly scripts: readonly Script[],
  ) {}

  get(): Promise<unknown> {
    this.lists += 1;
    return Promise.resolve(this.listed(this.lists));
  }

  async *watch(
    _path: string,
    query: Record<string, string | number | boolean>,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const script = this.scripts[Math.min(this.asked.length, this.scripts.length - 1)];
    this.asked.push(query);
    for (const line of script?.lines ?? []) yield JSON.stringify(line);
    if (script?.then instanceof Error) throw script.then;
    if (script?.then === 'hang')
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      );
  }
}

let stopping = new AbortController();
afterEach(() => stopping.abort());

function follow(server: ScriptedServer): { book: PodBook; watch: PodWatch } {
  setLogLevel('silent');
  stopping = new AbortController();
  const book = new PodBook();
  const watch = new PodWatch(server, '/pods', 'app=x', book, timing);
  void watch.follow(stopping.signal);
  return { book, watch };
}

const list = (version: number, ...items: object[]) => ({
  metadata: { resourceVersion: String(version) },
  items,
});
const names = (book: PodBook): string[] => book.all().map(({ name }) => name);

describe('PodWatch', () => {
  it('goes on after a watch that the server ended, from the last version', async () => {
    const server = new ScriptedServer(
      () => list(5, raw('a', 3)),
      [
        {
          lines: [
            { type: 'ADDED', object: raw('b', 6) },
            { type: 'BOOKMARK', object: raw('', 9) },
          ],
          then: 'end',
        },
        { lines: [{ type: 'DELETED', object: raw('a', 10) }], then: 'hang' },
      ],
    );
    const { book } = follow(server);
    await vi.waitFor(() => expect(names(book)).toEqual(['b']));
    expect(server.asked.slice(0, 2).map(({ resourceVersion }) => resourceVersion)).toEqual(['5', '9']);
    expect(server.lists).toBe(1);
  });

  it.each([
    ['as an answer', new ClusterError(410, 'Expired', 'too old'), []],
    ['as an event', 'end' as const, [{ type: 'ERROR', object: { code: 410, message: 'too old' } }]],
  ])('lists again when the server has forgotten the version, said %s', async (_, then, lines) => {
    const server = new ScriptedServer(
      (nth) => (nth === 1 ? list(5, raw('a', 3), raw('b', 4)) : list(50, raw('b', 40))),
      [{ lines, then }, { then: 'hang' }],
    );
    const { book } = follow(server);
    await vi.waitFor(() => expect(server.lists).toBe(2));
    await vi.waitFor(() => expect(names(book)).toEqual(['b']));
    expect(server.asked.at(-1)?.['resourceVersion']).toBe('50');
  });

  it('begins anew when a watch is silent for longer than it may be', async () => {
    const server = new ScriptedServer(
      () => list(5),
      [{ then: 'hang' }, { lines: [{ type: 'ADDED', object: raw('a', 6) }], then: 'hang' }],
    );
    const { book } = follow(server);
    await vi.waitFor(() => expect(names(book)).toEqual(['a']));
  });

  it('outlives a server that is gone or too busy, and says so until it is back', async () => {
    let back = false;
    const server = new ScriptedServer(() => {
      if (!back) throw new ClusterError(429, 'TooManyRequests', 'slow down');
      return list(5, raw('a', 3));
    }, [{ then: 'hang' }]);
    const { book, watch } = follow(server);
    await vi.waitFor(() => expect(server.lists).toBeGreaterThan(2));
    expect(watch.hasListed).toBe(false);
    expect(watch.trouble).toMatch(/slow down/);
    back = true;
    await vi.waitFor(() => expect(names(book)).toEqual(['a']));
    expect(watch).toMatchObject({ hasListed: true, trouble: null });
  });
});

describe('PodBook', () => {
  const facts = (version: number) =>
    ({ name: 'a', uid: 'uid-a', resourceVersion: String(version) }) as Parameters<PodBook['put']>[0];

  it('does not let a late event undo a newer one', () => {
    const book = new PodBook();
    const heard: string[] = [];
    book.listen(({ resourceVersion }, gone) => heard.push(`${resourceVersion}${gone ? ' gone' : ''}`));
    for (const version of [9, 10, 9]) book.put(facts(version));
    book.put({ ...facts(3), uid: 'another' });
    expect(heard).toEqual(['9', '10', '10 gone', '3']);
  });
});
