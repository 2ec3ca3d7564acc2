import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { Artifact, OpenArtifactLink, Run } from '@lineage/contracts';
import { decodeProfile } from '@lineage/pprof';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ArtifactCleaning } from '../../src/features/profiles/artifact-cleaning.ts';
import { ArtifactStore } from '../../src/features/profiles/index.ts';
import { openDesk, program, type RunDesk } from './run-desk.ts';

const timeout = 90_000;
const burning = [
  '\tsum := 0',
  '\tfor begun := time.Now(); time.Since(begun) < 400*time.Millisecond; {',
  '\t\tsum += burn(2_000_000)',
  '\t}',
  '\tfmt.Println(sum != 1)',
  '}',
  '',
  '//go:noinline',
  'func burn(n int) int {',
  '\tsum := 0',
  '\tfor i := range n {',
  '\t\tsum = sum*31 + i',
  '\t}',
  '\treturn sum',
].join('\n');

let desk: RunDesk;
let run: Run;
let artifact: Artifact;
beforeAll(async () => {
  desk = await openDesk();
  await desk.write(program(burning, ['fmt', 'time']));
  const ended = await desk.ended((await desk.press({ kind: 'run', signals: ['cpu'] })).body.id);
  run = ended.run;
  const [given] = ended.events.flatMap(({ body }) => (body.type === 'artifact' ? [body] : []));
  if (given === undefined) throw new Error(`a run with a profile gave none: ${run.state} ${run.reason}`);
  artifact = given.artifact;
  expect(given.hot).toEqual(run.hot);
}, timeout);
afterAll(() => desk.close());

const contentOf = (cookie: string): Promise<Response> =>
  fetch(`${desk.app.url}/api/artifacts/${artifact.id}/content`, { headers: { cookie } });

it('shows the profile and its dearest function with the run', () => {
  expect(run).toMatchObject({ state: 'passed', signals: ['cpu'], artifacts: [artifact] });
  expect(artifact).toMatchObject({ runId: run.id, kind: 'profile', truncated: false });
  expect(run.hot).toMatchObject({ name: 'main.burn', unit: 'nanoseconds' });
  expect(run.hot?.share).toBeGreaterThan(0.5);
});

it('gives the raw file as a download, to those who may see the workspace', { timeout }, async () => {
  const answer = await contentOf(desk.cookies.mentor);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${artifact.name}"`);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(artifact.sha256);
  expect((await decodeProfile(bytes)).sampleTypes.length).toBeGreaterThan(0);
  expect((await contentOf(desk.cookies.chen)).status).toBe(404);
  expect((await contentOf('')).status).toBe(401);
});

it('gives it by a link without a login, for `go tool pprof` too', { timeout }, async () => {
  const at = `/api/artifacts/${artifact.id}/links`;
  expect(await desk.post(at, {}, desk.cookies.chen)).toMatchObject({ status: 404 });
  const { url } = (await desk.post<{ url: string }>(at, {})).body;
  expect((await fetch(url)).status).toBe(200);
  const another = url.replace(/(?<=links\/)./, (first) => (first === 'a' ? 'b' : 'a'));
  expect((await fetch(another)).status).toBe(404);
  const { stdout } = await promisify(execFile)('go', ['tool', 'pprof', '-top', '-symbolize=none', url]);
  expect(stdout).toContain('main.burn');
});

it(
  'closes a link when it is revoked, or when its maker may not see the artifact any more',
  { timeout },
  async () => {
    const at = `/api/artifacts/${artifact.id}/links`;
    const { ana, bo, chen } = desk.cookies;
    const make = async (cookie: string) =>
      (await desk.post<{ id: string; url: string }>(at, {}, cookie)).body;
    const [first, second] = [await make(ana), await make(bo)];
    const listed = await desk.app.request('GET', at, { cookie: ana });
    const links = (listed.body as { links: OpenArtifactLink[] }).links;
    expect(links.slice(0, 2)).toMatchObject([
      { id: second.id, createdBy: { name: 'Bo Lindqvist' } },
      { id: first.id, createdBy: { name: 'Ana Souza' } },
    ]);
    expect(JSON.stringify(listed.body)).not.toContain(first.url.split('/').at(-2));

    const revoke = (id: string, cookie: string) => desk.app.request('DELETE', `${at}/${id}`, { cookie });
    expect(await revoke(first.id, chen)).toMatchObject({ status: 404 });
    expect((await fetch(first.url)).status).toBe(200);
    expect(await revoke(first.id, bo)).toMatchObject({ status: 200, body: { ok: true } });
    expect(await revoke(first.id, bo)).toMatchObject({ status: 404 });
    expect((await fetch(first.url)).status).toBe(404);

    expect((await fetch(second.url)).status).toBe(200);
    const instructor = await desk.app.signIn('instructor');
    const setMembers = (memberIds: string[]) =>
      desk.app.request('PUT', `/api/groups/${desk.workspace.groupId}/members`, {
        cookie: instructor,
        body: { memberIds },
      });
    const both = desk.workspace.members.map(({ id }) => id);
    const anas = desk.workspace.members.filter(({ name }) => name === 'Ana Souza').map(({ id }) => id);
    expect((await setMembers(anas)).status).toBe(200);
    expect((await fetch(second.url)).status).toBe(404);
    expect((await setMembers(both)).status).toBe(200);
  },
);

it('gives a run of the same text artifacts of its own', { timeout }, async () => {
  const ended = await desk.ended((await desk.press({ kind: 'run', signals: ['heap'] })).body.id);
  expect(ended.run.artifacts).toMatchObject([{ runId: ended.run.id, kind: 'profile' }]);
  expect((await desk.get(run.id)).artifacts).toEqual([artifact]);
});

it('removes bytes that no artifact names any more, and no others', { timeout }, async () => {
  const db = desk.app.app.get(DataSource);
  const contents = async (): Promise<string[]> =>
    ((await db.query('SELECT DISTINCT sha256 FROM artifact_chunk')) as { sha256: string }[]).map(
      (row) => row.sha256,
    );
  await db.query(
    `INSERT INTO artifact_chunk (sha256, position, bytes) VALUES ('of-nothing', 0, '\\x00'), ('of-nothing', 1, '\\x00')`,
  );
  const { runId, kind, truncated } = artifact;
  const { id: workspaceId, groupId, cohortId } = desk.workspace;
  const facts = { runId, workspaceId, groupId, cohortId, name: 'more.pb.gz', kind, truncated };
  const saving = desk.app.app.get(ArtifactStore).save(facts, Buffer.from('more bytes'));
  await Promise.all([saving, desk.app.app.get(ArtifactCleaning).clean()]);
  expect(await contents()).toEqual(expect.arrayContaining([artifact.sha256, (await saving).artifact.sha256]));
  expect(await contents()).not.toContain('of-nothing');
  expect((await contentOf(desk.cookies.ana)).status).toBe(200);
});
