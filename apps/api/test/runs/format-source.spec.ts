import type { Formatted } from '@lineage/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDesk, type RunDesk } from './run-desk.ts';

let desk: RunDesk;
beforeAll(async () => {
  desk = await openDesk();
}, 90_000);
afterAll(() => desk.close());

const format = (content: string, cookie?: string, path = 'main.go') =>
  desk.post<Formatted>(`/api/workspaces/${desk.workspace.id}/format`, { path, content }, cookie);

it('gives the gofmt of what is on the screen, or says why there is none', { timeout: 60_000 }, async () => {
  expect(await format('package main\nfunc  main( ) {}\n')).toMatchObject({
    status: 200,
    body: { content: 'package main\n\nfunc main() {}\n', diagnostics: [] },
  });
  expect((await format('package main\n\nfunc main() {}\n')).body).toEqual({ content: null, diagnostics: [] });
  expect((await format('package main\n\nfunc {\n')).body).toMatchObject({
    content: null,
    diagnostics: [{ path: 'main.go', line: 3, source: 'compile' }],
  });
});

it('is for those who may run, one at a time, and bounded', { timeout: 60_000 }, async () => {
  const { chen, mentor } = desk.cookies;
  expect(await format('package main\n', chen)).toMatchObject({ status: 404 });
  expect(await format('package main\n', mentor)).toMatchObject({ status: 403 });
  expect(await format('x'.repeat(256 * 1024 + 1))).toMatchObject({ status: 413 });
  expect(await format('package main\n', undefined, 'x'.repeat(256))).toMatchObject({ status: 400 });
  const answers = await Promise.all([1, 2, 3].map(() => format('package main\nvar  x int\n')));
  const statuses = answers.map(({ status }) => status).toSorted();
  expect(statuses[0]).toBe(200);
  expect(statuses.at(-1)).toBe(429);
  expect(await format('package main\nvar  x int\n')).toMatchObject({ status: 200 });
});
