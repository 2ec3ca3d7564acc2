import type { TraceOverview, TraceView } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import {
  lanesOf,
  nameOfGoroutine,
  neighbour,
  restOf,
  spanAt,
  tileAt,
  timesIn,
  TraceContent,
} from './lanes.ts';

const started = { function: 'main.main', path: 'main.go', line: 9, inWorkspace: true };
const goroutine = (id: number, name: string, createdBy: typeof started | null = null) => ({
  id,
  function: name,
  createdBy,
  createdIn: 1,
  fromMs: 0,
  toMs: 10,
  runningMs: 1,
});
const overview: TraceOverview = {
  toMs: 10,
  procs: [0, 3],
  goroutines: [
    goroutine(7, 'runtime.gcBgMarkWorker'),
    goroutine(1, ''),
    goroutine(9, 'sync.(*WaitGroup).Go.func1', started),
    goroutine(8, 'main.worker', started),
  ],
  goroutinesLeftOut: 0,
  events: 1,
  spansLeftOut: 0,
};
const view: TraceView = {
  tiles: [
    ['goroutine', 1, 2, 0, 32, 16, 0, 0, 4],
    ['proc', 3, 0, 5, 1, 0, 0, 0, 1],
  ],
  spans: [
    [1, 'running', 0, 4, 3, -1, -1],
    [1, 'waiting', 4, 8, -1, 0, 0],
    [8, 'waiting', 0, 6, -1, -1, -1],
  ],
  spansCut: false,
  reasons: ['chan receive'],
  calls: [started],
  marks: [],
  marksCut: false,
};
const content = new TraceContent(view);
const laneOf = (mode: 'goroutines' | 'processors', key: string) => {
  const found = lanesOf(overview, mode).find((lane) => lane.key === key);
  if (found === undefined) throw new Error(`no lane ${key}`);
  return found;
};

describe('lanes of a trace', () => {
  it('are the sum, and then the program’s own goroutines before those of the runtime', () => {
    expect(lanesOf(overview, 'goroutines').map(({ key }) => key)).toEqual([
      'all0',
      'goroutine1',
      'goroutine9',
      'goroutine8',
      'goroutine7',
    ]);
    expect(lanesOf(overview, 'processors').map(({ key }) => key)).toEqual(['all0', 'proc0', 'proc3']);
  });

  it('name goroutines by what the program calls them', () => {
    expect(overview.goroutines.map(nameOfGoroutine)).toEqual([
      'runtime.gcBgMarkWorker',
      'main',
      'main.go:9',
      'main.worker',
    ]);
  });

  it('have the spans of a goroutine, and on a processor what ran there', () => {
    const { spans } = content.of(laneOf('goroutines', 'goroutine1'));
    expect(spans.map(({ state, reason, call }) => [state, reason, call?.line ?? 0])).toEqual([
      ['running', '', 0],
      ['waiting', 'chan receive', 9],
    ]);
    expect(content.of(laneOf('processors', 'proc3')).spans).toHaveLength(1);
    expect(content.of(laneOf('processors', 'proc0'))).toEqual({ tiles: [], spans: [] });
  });

  it('are pointed at: the shortest span around a moment, and the neighbours of it', () => {
    const { spans } = content.of(laneOf('goroutines', 'goroutine1'));
    expect(spanAt(spans, 2)?.state).toBe('running');
    expect(spanAt(spans, 8.5)).toBeNull();
    expect(spanAt(spans, 8.5, 1)?.state).toBe('waiting');
    expect(neighbour(spans, 2, 1)?.fromMs).toBe(4);
    expect(neighbour(spans, 6, -1)?.state).toBe('running');
    expect(neighbour(spans, 6, 1)).toBeNull();
  });

  it('rest where nothing is told of them, while they are there', () => {
    const one = laneOf('goroutines', 'goroutine9');
    expect([restOf(one, 5), restOf(one, 11)]).toEqual(['waiting', null]);
    expect(restOf(laneOf('processors', 'proc0'), 99)).toBe('idle');
  });

  it('sum up a part, by tiles where there are some', () => {
    const one = content.of(laneOf('goroutines', 'goroutine1'));
    expect(timesIn(one, { fromMs: 0, toMs: 32 })).toMatchObject({ running: 16, runnable: 8 });
    expect(timesIn({ ...one, tiles: [] }, { fromMs: 2, toMs: 5 })).toMatchObject({ running: 2, waiting: 1 });
    expect(tileAt(one.tiles, 63)?.running).toBe(32);
    expect(tileAt(one.tiles, 64)).toBeNull();
  });
});
