import { describe, expect, it } from 'vitest';
import { testRequest } from './use-start-run.ts';

describe('one test', () => {
  it('is asked for by a pattern that fits no other', () => {
    expect(testRequest('TestQueue/a+b_(c)')).toEqual({
      kind: 'test',
      pattern: String.raw`^TestQueue$/^a\+b_\(c\)$`,
    });
    expect(testRequest('BenchmarkPut')).toEqual({
      kind: 'bench',
      compareWith: 'previous',
      pattern: '^BenchmarkPut$',
    });
  });
});
