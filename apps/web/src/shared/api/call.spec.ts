import { describe, expect, it } from 'vitest';
import { ApiError, isRefusal } from './api-error.ts';
import { addressOf } from './call.ts';
import { worthRetrying } from './query-client.ts';

describe('addressOf', () => {
  it('fills parameters, escaped, and the query', () => {
    expect(addressOf('/runs/:runId/events', { runId: 'a/b' }, { after: 3 })).toBe(
      '/api/runs/a%2Fb/events?after=3',
    );
  });

  it('refuses to leave a parameter out', () => {
    expect(() => addressOf('/runs/:runId', {})).toThrow('runId');
  });
});

describe('ApiError', () => {
  const refused = ApiError.refused({
    type: 'about:blank',
    title: 'x',
    status: 404,
    detail: 'No such run.',
    code: 'not_found',
    requestId: 'r1',
  });

  it('is known by its code', () => {
    expect(isRefusal(refused, 'not_found', 'gone')).toBe(true);
    expect(isRefusal(refused, 'gone')).toBe(false);
    expect(isRefusal(new Error('x'), 'gone')).toBe(false);
  });

  it('is worth another try only when the server was not reached', () => {
    expect(worthRetrying(0, refused)).toBe(false);
    expect(worthRetrying(0, new ApiError({ kind: 'network', message: '' }))).toBe(true);
    expect(worthRetrying(9, new ApiError({ kind: 'network', message: '' }))).toBe(false);
  });
});
