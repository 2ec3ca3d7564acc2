import { expect, it } from 'vitest';
import { Gathering } from './gathering.ts';

/** A question whose answers come when the test says so. */
function asker(): {
  gathering: Gathering<string, string>;
  questions: (readonly string[])[];
  answer(): void;
  fail(): void;
} {
  const questions: (readonly string[])[] = [];
  const open: { resolve(found: Map<string, string>): void; reject(err: Error): void }[] = [];
  const gathering = new Gathering<string, string>((keys) => {
    questions.push(keys);
    return new Promise((resolve, reject) => open.push({ resolve, reject }));
  }, 3);
  return {
    gathering,
    questions,
    answer: () => open.shift()?.resolve(new Map((questions.at(-1) ?? []).map((key) => [key, `the ${key}`]))),
    fail: () => open.shift()?.reject(new Error('the database is away')),
  };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('asks at once for who comes alone, and together for those who come meanwhile', async () => {
  const { gathering, questions, answer } = asker();
  const first = gathering.get('a');
  await turn();
  expect(questions).toEqual([['a']]);
  const others = [gathering.get('b'), gathering.get('c'), gathering.get('b')];
  await turn();
  expect(questions).toHaveLength(1);
  answer();
  expect(await first).toBe('the a');
  await turn();
  expect(questions[1]).toEqual(['b', 'c']);
  answer();
  expect(await Promise.all(others)).toEqual(['the b', 'the c', 'the b']);
});

it('does not answer with what was asked before', async () => {
  const { gathering, questions, answer } = asker();
  const first = gathering.get('a');
  await turn();
  const again = gathering.get('a');
  answer();
  await first;
  await turn();
  expect(questions).toEqual([['a'], ['a']]);
  answer();
  await again;
});

it('asks for so many at a time, and says what there is not', async () => {
  const questions: (readonly string[])[] = [];
  const gathering = new Gathering<string, string>((keys) => {
    questions.push(keys);
    return Promise.resolve(new Map([['d', 'there']]));
  }, 3);
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((key) => gathering.get(key)));
  expect(answers).toEqual([null, null, null, 'there']);
  expect(questions).toEqual([['a', 'b', 'c'], ['d']]);
});

it('goes on after a question that failed', async () => {
  const { gathering, answer, fail } = asker();
  const first = gathering.get('a');
  await turn();
  const second = gathering.get('b');
  fail();
  await expect(first).rejects.toThrow('the database is away');
  await turn();
  answer();
  expect(await second).toBe('the b');
});
