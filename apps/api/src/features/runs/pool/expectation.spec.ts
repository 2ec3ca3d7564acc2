import { describe, expect, it } from 'vitest';
import { Expectation } from './expectation.ts';

describe('Expectation', () => {
  it('asks seldom, and soon again when it got no answer, which changes nothing', async () => {
    let now = 0;
    let asked = 0;
    let answer: () => Promise<number> = () => Promise.resolve(4);
    const expectation = new Expectation(
      () => {
        asked += 1;
        return answer();
      },
      () => now,
    );
    const at = async (ms: number): Promise<[number, number]> => {
      now = ms;
      const groups = await expectation.groups();
      return [groups, asked];
    };
    expect(await at(0)).toEqual([4, 1]);
    expect(await at(14_999)).toEqual([4, 1]);
    answer = () => Promise.reject(new Error('the database is away'));
    expect(await at(15_000)).toEqual([4, 2]);
    expect(await at(15_999)).toEqual([4, 2]);
    answer = () => Promise.resolve(9);
    expect(await at(16_000)).toEqual([9, 3]);
  });
});
