import { catalogSchema, exerciseIdSchema, lessonSchema } from '@lineage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogService } from '../src/features/catalog/index.ts';
import { startTestApp, type TestApp } from './app.ts';

let app: TestApp;
let learner: string;
beforeAll(async () => {
  app = await startTestApp();
  learner = await app.signIn('ana');
});
afterAll(() => app.close());

describe('the catalog', () => {
  it('is for those who are signed in', async () => {
    for (const path of ['/api/catalog', '/api/lessons/2.1-scheduler'])
      expect(await app.request('GET', path)).toMatchObject({ status: 401 });
  });

  it('lists the lessons, and gives each in both languages', async () => {
    const { chapters } = catalogSchema.parse(
      (await app.request('GET', '/api/catalog', { cookie: learner })).body,
    );
    const summaries = chapters.flatMap(({ lessons }) => lessons);
    expect(summaries.map(({ id }) => id)).toContain('2.1-scheduler');
    for (const { id, title } of summaries) {
      const answer = await app.request('GET', `/api/lessons/${id}`, { cookie: learner });
      const lesson = lessonSchema.parse(answer.body);
      expect(lesson.title).toEqual(title);
      expect(lesson.text.en).not.toBe(lesson.text['zh-CN']);
    }
  });

  it('sends no check and no solution to a browser', async () => {
    const { body } = await app.request('GET', '/api/lessons/2.1-scheduler', { cookie: learner });
    const { checks, files, requiredTests } = await app.app
      .get(CatalogService)
      .exercise(exerciseIdSchema.parse('2.1-scheduler'));
    expect(checks.map(({ path }) => path)).toEqual(['process_checks_test.go']);
    expect(files.map(({ path }) => path)).toEqual(['go.mod', 'main.go', 'process.go']);
    expect(requiredTests).toContain('TestEveryJobRunsOnce');
    expect(JSON.stringify(body)).not.toMatch(
      /func Test|func Process|process_checks_test|shares-out-beforehand/,
    );
  });

  it('does not know what is not in the curriculum', async () => {
    const answer = await app.request('GET', '/api/lessons/9.9-nothing', { cookie: learner });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    await expect(
      app.app.get(CatalogService).exercise(exerciseIdSchema.parse('9.9-nothing')),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
