import type { TraceBody } from '@lineage/contracts';
import { describe, expect, it } from 'vitest';
import { TraceIndex } from './trace-index.ts';
import { withoutTrace } from './without-trace.ts';

const nothing: TraceBody = {
  type: 'trace',
  fromMs: 0,
  toMs: 0,
  goroutines: [],
  spans: [],
  reasons: [],
  calls: [],
  tiles: [],
  marks: [],
  events: 0,
  spansLeftOut: 0,
};
const main = { function: 'main.main', path: 'main.go', line: 7, inWorkspace: true };
const named = (id: number) => ({ id, function: `main.g${id}`, createdBy: null, createdIn: 1 });
type Tile = TraceBody['tiles'][number];
const tile = (lane: Tile[0], id: number, level: number, index: number): Tile => [
  lane,
  id,
  level,
  index,
  level + 1,
  0,
  0,
  0,
  1,
];

function indexOf(...bodies: Partial<TraceBody>[]): TraceIndex {
  const index = new TraceIndex();
  for (const body of bodies) index.add({ ...nothing, ...body });
  return index;
}
const ask = (index: TraceIndex, fromMs: number, toMs: number, level = 0, goroutines: number[] = []) =>
  index.view({ fromMs, toMs, level, goroutines });

describe('the index of a trace', () => {
  it('tells what there is, and how far', () => {
    const index = indexOf(
      {
        toMs: 70,
        goroutines: [named(1), named(9)],
        spans: [[1, 'running', 0, 5, 2, -1, -1]],
        tiles: [tile('goroutine', 1, 2, 0), tile('proc', 0, 0, 0)],
        events: 10,
      },
      { toMs: 90, events: 5, spansLeftOut: 3 },
    );
    expect(index.overview()).toEqual({
      toMs: 90,
      procs: [0, 2],
      goroutines: [{ ...named(1), fromMs: 0, toMs: 64, runningMs: 3 }],
      // It was named and did nothing that is known.
      goroutinesLeftOut: 1,
      events: 15,
      spansLeftOut: 3,
    });
  });

  it('tells the tiles of a part at one level, and of the lanes that are in sight', () => {
    const index = indexOf({
      toMs: 200,
      tiles: [
        ...[0, 1, 2, 10].map((at) => tile('proc', 0, 0, at)),
        ...[0, 1].map((at) => tile('proc', 0, 1, at)),
        tile('all', 0, 0, 2),
        ...[0, 1, 2].map((at) => tile('goroutine', 7, 2, at)),
        tile('goroutine', 8, 2, 0),
      ],
    });
    const places = (tiles: TraceBody['tiles']) => tiles.map(([lane, id, level, at]) => [lane, id, level, at]);
    expect(places(ask(index, 1.5, 2.5).tiles)).toEqual([
      ['all', 0, 0, 2],
      ['proc', 0, 0, 1],
      ['proc', 0, 0, 2],
    ]);
    expect(places(ask(index, 70, 128, 0, [7]).tiles)).toEqual([
      ['goroutine', 7, 2, 1],
      ['goroutine', 7, 2, 2],
    ]);
  });

  it('goes on with coarser tiles where finer ones end', () => {
    const index = indexOf({
      toMs: 200,
      tiles: [tile('proc', 0, 0, 3), ...[0, 1, 2].map((at) => tile('proc', 0, 1, at))],
    });
    // The tile from 0 to 8 would count what was told already.
    expect(ask(index, 0, 100).tiles.map(([, , level, at]) => [level, at])).toEqual([
      [0, 3],
      [1, 1],
      [1, 2],
    ]);
  });

  it('tells spans of lanes in sight and of processors, with the words that they need', () => {
    const index = indexOf(
      {
        spans: [
          [1, 'waiting', 0, 4, -1, 1, 0],
          [2, 'running', 1, 5, 0, -1, -1],
          [3, 'waiting', 0, 6, -1, 0, -1],
        ],
        reasons: ['sleep', 'chan receive'],
        calls: [main],
      },
      { spans: [[1, 'waiting', 8, 9, -1, 0, 0]], reasons: ['sleep'], calls: [main] },
    );
    const view = ask(index, 4, 8, 0, [1]);
    expect(view.spans).toEqual([
      [1, 'waiting', 0, 4, -1, 0, 0],
      [2, 'running', 1, 5, 0, -1, -1],
      [1, 'waiting', 8, 9, -1, 1, 0],
    ]);
    expect([view.reasons, view.calls]).toEqual([['chan receive', 'sleep'], [main]]);
    expect(ask(index, 4.5, 7).spans).toEqual([[2, 'running', 1, 5, 0, -1, -1]]);
  });

  it('says when there is more than can be told at once', () => {
    const spans = Array.from({ length: 6000 }, (_, at): TraceBody['spans'][number] => [
      1,
      'running',
      at,
      at + 1,
      0,
      -1,
      -1,
    ]);
    const marks = Array.from({ length: 1001 }, (_, at) => ({
      kind: 'log' as const,
      name: '',
      text: 'x',
      fromMs: at,
      toMs: at,
      goroutine: 1,
    }));
    const index = indexOf({ spans, marks });
    expect(ask(index, 0, 9000)).toMatchObject({ spans: [], spansCut: true, marksCut: true });
    const few = ask(index, 100, 110);
    expect([few.spansCut, few.spans.length, few.marks.length]).toEqual([false, 12, 11]);
  });
});

it('tells those who look on only how far a trace goes', () => {
  const body = { ...nothing, toMs: 9, events: 4, tiles: [tile('proc', 0, 0, 0)], goroutines: [named(1)] };
  const told = { runId: 'r' as never, seq: 1, atMs: 0 };
  expect(withoutTrace([{ ...told, body }])[0]?.body).toEqual({ ...nothing, toMs: 9, events: 4 });
});
