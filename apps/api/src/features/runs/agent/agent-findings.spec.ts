import { create } from '@bufbuild/protobuf';
import { runEventBodySchema } from '@lineage/contracts';
import { CrashSchema, FormattedFileSchema, RaceSchema, RemarkSchema } from '@lineage/runner-protocol';
import { describe, expect, it } from 'vitest';
import { AgentProtocolError } from './agent-events.ts';
import { crashBody, formattedBody, raceBody, remarkView } from './agent-findings.ts';

const frames = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ function: `f${at}`, path: 'main.go', line: at + 1 }));

describe('a crash', () => {
  it('is told goroutine by goroutine', () => {
    const body = crashBody(
      create(CrashSchema, {
        kind: 'panic',
        message: 'a\0b',
        goroutines: [
          { id: 7n, state: 'running', stack: { frames: [{ function: 'main.f', inWorkspace: true }] } },
          { id: 1n, state: 'chan receive', waitMinutes: 3, createdBy: { function: 'main.main' } },
        ],
      }),
    );
    expect(runEventBodySchema.parse(body)).toMatchObject({
      kind: 'panic',
      message: 'a\u2400b',
      truncated: false,
      goroutines: [
        {
          id: 7,
          createdBy: null,
          stack: { elided: false, frames: [{ function: 'main.f', inWorkspace: true }] },
        },
        { id: 1, waitMinutes: 3, createdBy: { function: 'main.main' }, stack: { frames: [] } },
      ],
    });
  });

  it('is bounded in goroutines, in calls and in all of them together, and says so', () => {
    const many = crashBody(create(CrashSchema, { goroutines: Array.from({ length: 300 }, () => ({})) }));
    expect([many.goroutines.length, many.truncated]).toEqual([256, true]);
    const deep = crashBody(create(CrashSchema, { goroutines: [{ stack: { frames: frames(101) } }] }));
    expect(deep.goroutines[0]?.stack).toMatchObject({ elided: true, frames: { length: 100 } });
    const wide = crashBody(
      create(CrashSchema, {
        goroutines: Array.from({ length: 256 }, () => ({ stack: { frames: frames(100) } })),
      }),
    );
    expect([wide.goroutines.length, wide.truncated]).toEqual([50, true]);
  });
});

describe('a race', () => {
  it('has two accesses, with addresses that JSON can carry', () => {
    const access = { write: true, address: 2n ** 63n + 1n, goroutine: 6n, stack: { frames: frames(1) } };
    const body = raceBody(create(RaceSchema, { accesses: [access, { goroutine: 0n }, access] }));
    expect(runEventBodySchema.parse(body)).toMatchObject({
      accesses: [
        { write: true, address: '0x8000000000000001', goroutine: 6 },
        { write: false, goroutine: 0 },
      ],
    });
    expect(body.accesses).toHaveLength(2);
  });
});

describe('a formatted file', () => {
  it('is told as it is, or not at all', () => {
    const content = new TextEncoder().encode('\ufeffpackage main\n');
    const body = formattedBody(create(FormattedFileSchema, { path: 'main.go', content }));
    expect(runEventBodySchema.parse(body)).toEqual({
      type: 'formatted',
      path: 'main.go',
      content: '\ufeffpackage main\n',
    });
    for (const bad of [new Uint8Array([0xff]), new Uint8Array([0]), new Uint8Array(2 ** 21).fill(32)])
      expect(() => formattedBody(create(FormattedFileSchema, { content: bad }))).toThrow(AgentProtocolError);
  });
});

describe('a remark', () => {
  it('keeps its words when its kind is new', () => {
    const remark = remarkView(
      create(RemarkSchema, { path: 'main.go', line: 3, kind: 'devirtualized', message: 'm', flow: ['a'] }),
    );
    expect(remark).toMatchObject({ line: 3, kind: 'other', message: 'm', flow: ['a'] });
    expect(remarkView(create(RemarkSchema, { kind: 'heap' })).kind).toBe('heap');
  });
});
