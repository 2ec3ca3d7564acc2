import type { Lesson, RunEvent } from '@lineage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDesk, program, type RunDesk, textOf, wait } from './run-desk.ts';

const timeout = 90_000;

let desk: RunDesk;
beforeAll(async () => {
  desk = await openDesk();
}, timeout);
afterAll(() => desk.close());

const testsOf = (events: readonly RunEvent[]): Map<string, string> =>
  new Map(events.flatMap(({ body }) => (body.type === 'test' ? [[body.name, body.outcome]] : [])));

it('grades the starter by the checks that nobody sees, and names what fails', { timeout }, async () => {
  const lesson = await desk.app.request('GET', `/api/lessons/${desk.workspace.exerciseId}`, {
    cookie: desk.cookies.ana,
  });
  const started = await desk.press({ kind: 'check' });
  const { run, events } = await desk.ended(started.body.id);
  expect(run).toMatchObject({ kind: 'check', state: 'failed' });
  const tests = testsOf(events);
  expect([...tests.keys()]).toEqual(expect.arrayContaining((lesson.body as Lesson).exercise.requiredTests));
  expect([...tests.values()]).toEqual(expect.arrayContaining(['failed']));
  expect(run.tests?.failed).toBeGreaterThan(0);
});

describe('a run', () => {
  it('runs the text as it stands, and says each stage', { timeout }, async () => {
    await desk.write(program('fmt.Println("hello, 世界")'));
    const started = await desk.press({ kind: 'run' });
    expect(started).toMatchObject({ status: 200, body: { state: 'queued' } });
    const { run, events } = await desk.ended(started.body.id);
    expect(run).toMatchObject({ state: 'passed', exitCode: 0, artifacts: [], hot: null });
    expect(textOf(events)).toBe('hello, 世界\n');
    const stages = events.flatMap(({ body }) => (body.type === 'stage' && body.finished ? [body.stage] : []));
    expect(stages).toEqual(expect.arrayContaining(['snapshot', 'compile', 'link', 'run']));
  });

  it('names the line that does not compile', { timeout }, async () => {
    await desk.write(program('\tfmt.Println(missing)'));
    const { run, events } = await desk.ended((await desk.press({ kind: 'run' })).body.id);
    expect(run.state).toBe('failed');
    const found = events.flatMap(({ body }) => (body.type === 'diagnostic' ? [body] : []));
    expect(found).toMatchObject([{ path: 'main.go', line: 6, message: expect.stringContaining('missing') }]);
  });

  it('shows bytes that are no text as such, and keeps the rest', { timeout }, async () => {
    await desk.write(program('\tos.Stdout.Write([]byte("a\\xff\\x00b\\n"))', ['os']));
    const { run, events } = await desk.ended((await desk.press({ kind: 'run' })).body.id);
    expect(run.state).toBe('passed');
    expect(textOf(events)).toBe('a\ufffd\u2400b\n');
  });

  it('reads what is typed while it runs, by members only and not after', { timeout }, async () => {
    await desk.write(
      program(
        '\tfmt.Println("name?")\n\tin := bufio.NewScanner(os.Stdin)\n\tfor in.Scan() {\n\t\tfmt.Println("hi " + in.Text())\n\t}',
        ['bufio', 'fmt', 'os'],
      ),
    );
    const { id } = (await desk.press({ kind: 'run' })).body;
    await expect.poll(() => desk.output(id), wait).toBe('name?\n');
    const at = `/api/runs/${id}/stdin`;
    const { bo, chen, mentor } = desk.cookies;
    expect(await desk.post(at, { text: 'x\n' }, chen)).toMatchObject({ status: 404 });
    expect(await desk.post(at, { text: 'x\n' }, mentor)).toMatchObject({ status: 403 });
    expect(await desk.post(at, { text: 'Bo\n' }, bo)).toMatchObject({ status: 200 });
    await expect.poll(() => desk.output(id), wait).toBe('name?\nhi Bo\n');
    expect(await desk.post(at, { text: 'Ana\n', close: true })).toMatchObject({ status: 200 });
    const { run, events } = await desk.ended(id);
    expect([run.state, textOf(events)]).toEqual(['passed', 'name?\nhi Bo\nhi Ana\n']);
    expect(await desk.post(at, { text: 'late\n' })).toMatchObject({
      status: 409,
      body: { code: 'run_finished' },
    });
  });

  it('is stopped while it runs, and stopping again changes nothing', { timeout }, async () => {
    await desk.write(program('\tfmt.Println("on")\n\tfor {\n\t}'));
    const { id } = (await desk.press({ kind: 'run' })).body;
    await expect.poll(() => desk.output(id), wait).toBe('on\n');
    const at = `/api/runs/${id}/cancel`;
    expect(await desk.post(at, {}, desk.cookies.chen)).toMatchObject({ status: 404 });
    expect(await desk.post(at, {}, desk.cookies.mentor)).toMatchObject({ status: 403 });
    expect(await desk.post(at, {})).toMatchObject({ status: 200 });
    const { run } = await desk.ended(id);
    expect(run.state).toBe('cancelled');
    expect((await desk.post(at, {})).body).toEqual(run);
  });
});

describe('a command to run', () => {
  it('is done once for each key, and refused when it says something else', { timeout }, async () => {
    await desk.write(program('\tfmt.Println("once")'));
    const [first, again] = await Promise.all([
      desk.press({ kind: 'run' }, { key: 'pressed-twice' }),
      desk.press({ kind: 'run' }, { key: 'pressed-twice' }),
    ]);
    expect(again.body.id).toBe(first.body.id);
    expect(await desk.press({ kind: 'run', args: ['x'] }, { key: 'pressed-twice' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    });
    await desk.ended(first.body.id);
  });

  it('is refused while the last edit is not saved', { timeout }, async () => {
    const answer = await desk.press({ kind: 'run', lastFrame: 7, connectionId: 'nobody-here' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'edit_not_saved' } });
  });

  it('is refused to who only looks, and unknown to the others', { timeout }, async () => {
    const { chen, mentor } = desk.cookies;
    expect(await desk.press({ kind: 'run' }, { cookie: chen })).toMatchObject({ status: 404 });
    expect(await desk.press({ kind: 'run' }, { cookie: mentor })).toMatchObject({ status: 403 });
  });
});
