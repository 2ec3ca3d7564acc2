import { describe, expect, it } from 'vitest';
import { toProblem } from './problem.filter.ts';

const failed = (code: string): Error => Object.assign(new Error('from the driver'), { code });

describe('an error that the database caused', () => {
  it('says that the disk is full, however deep that is', () => {
    const error = new Error('failed to create', { cause: new Error('query', { cause: failed('53100') }) });
    expect(toProblem(error, 'r')).toMatchObject({
      status: 503,
      code: 'unavailable',
      detail: expect.stringContaining('disk of the server is full'),
    });
  });

  it.each(['ECONNREFUSED', '57P01', '08006', '53300'])('says that it does not answer: %s', (code) => {
    expect(toProblem(failed(code), 'r')).toMatchObject({
      code: 'unavailable',
      detail: expect.stringContaining('does not answer'),
    });
  });

  it('is not made of a broken rule', () => {
    expect(toProblem(failed('23505'), 'r')).toMatchObject({ status: 500, code: 'internal' });
  });
});
