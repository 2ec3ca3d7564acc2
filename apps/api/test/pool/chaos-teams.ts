import { setTimeout as sleep } from 'node:timers/promises';
import { createFile, filesOf, listFiles } from '@lineage/collab';
import type { Cohort, Group, Lesson, Run, RunEvent, Workspace } from '@lineage/contracts';
import { vi } from 'vitest';
import { newId } from '../../src/platform/ids/index.ts';
import type { SeveralProcesses } from '../processes/several-processes.ts';
import { stockClient } from '../rooms/stock-client.ts';

const patience = { timeout: 120_000, interval: 100 };
const LOOK_MS = 100;
/** A run that takes longer than this has no end: its own limit is half a minute, a pod that does not come is told sooner. */
export const RUN_DEADLINE_MS = 240_000;

/** Groups with programs that end in different ways. */
const PROGRAMS = [
  { persona: 'ana', verdict: 'passed', body: '\tfmt.Println(word)' },
  { persona: 'bo', verdict: 'failed', body: '\tfmt.Println(word)\n\tos.Exit(3)' },
  { persona: 'chen', verdict: 'passed', body: '\ttime.Sleep(1500 * time.Millisecond)\n\tfmt.Println(word)' },
  { persona: 'dai', verdict: 'failed', body: '\tfmt.Println(word)\n\tpanic("on purpose")' },
] as const;

/** A run that is over: what became of it, and what of its output people have. */
export type EndedRun = { readonly run: Run; readonly output: string };

/** A group of one person with a program that prints the group's own word and ends as it always does. */
export class Team {
  constructor(
    private readonly several: SeveralProcesses,
    private readonly cookie: string,
    private readonly workspace: Workspace,
    readonly word: string,
    readonly verdict: Run['state'],
  ) {}

  /** From the command to the end. @throws Error when nobody answers for long, or the run has no end */
  async perform(): Promise<EndedRun> {
    const { id } = await this.#ask<Run>('POST', `/api/workspaces/${this.workspace.id}/runs`, {
      body: { kind: 'run', signals: [] },
      headers: { 'idempotency-key': newId<string>() },
    });
    for (const deadline = Date.now() + RUN_DEADLINE_MS; ; await sleep(LOOK_MS)) {
      const run = await this.#ask<Run>('GET', `/api/runs/${id}`);
      if (run.finishedAt !== null) return { run, output: await this.#outputOf(id) };
      if (Date.now() > deadline) throw new Error(`a run does not end: ${JSON.stringify(run)}`);
    }
  }

  /** `right`, `reason`, or in words what must not be. */
  judge({ run, output }: EndedRun): string {
    if (run.state === 'errored') return /\S.*\.$/.test(run.reason) ? 'reason' : `no reason: ${run.reason}`;
    if (run.state !== this.verdict) return `${run.state} instead of ${this.verdict}: ${run.reason}`;
    return output === `${this.word}\n` ? 'right' : `said ${JSON.stringify(output)} for ${this.word}`;
  }

  async #outputOf(id: string): Promise<string> {
    const { events } = await this.#ask<{ events: RunEvent[] }>('GET', `/api/runs/${id}/events`);
    return events
      .flatMap(({ body }) => (body.type === 'output' && body.stream === 'stdout' ? [body.text] : []))
      .join('');
  }

  /** Asked again until a process answers: one may just be gone. */
  async #ask<T>(
    method: string,
    at: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<T> {
    for (const deadline = Date.now() + RUN_DEADLINE_MS; ; await sleep(LOOK_MS)) {
      const answer = await this.several
        .request<T>(method, at, { cookie: this.cookie, ...options })
        .catch(() => null);
      if (answer !== null && answer.status < 300) return answer.body;
      if (answer !== null && answer.status < 500)
        throw new Error(`${method} ${at}: ${answer.status} ${JSON.stringify(answer.body)}`);
      if (Date.now() > deadline) throw new Error(`nobody answers ${method} ${at}`);
    }
  }
}

/** Teams in the demo's cohort, and how many groups that has with them. */
export async function makeTeams(several: SeveralProcesses): Promise<{ teams: Team[]; groups: number }> {
  const lead = await several.signIn('instructor');
  const get = async <T>(at: string): Promise<T> =>
    (await several.request<T>('GET', at, { cookie: lead })).body;
  const { cohorts } = await get<{ cohorts: Cohort[] }>('/api/cohorts');
  const cohort = await get<Cohort>(`/api/cohorts/${cohorts[0]?.id}`);
  const lesson = await get<Lesson>(`/api/lessons/${cohort.classSessions[0]?.lessonIds[0]}`);
  const teams: Team[] = [];
  for (const { persona, verdict, body } of PROGRAMS) {
    const cookie = await several.signIn(persona);
    const me = await several.request<{ account: { id: string } }>('GET', '/api/me', { cookie });
    const { body: group } = await several.request<Group>('POST', `/api/cohorts/${cohort.id}/groups`, {
      cookie: lead,
      body: { name: `${persona} alone`, memberIds: [me.body.account.id] },
    });
    const { body: workspace } = await several.request<Workspace>('POST', '/api/workspaces', {
      cookie,
      body: { groupId: group.id, exerciseId: lesson.exercise.id },
    });
    const word = `word of ${persona}`;
    await write(several.url, workspace, cookie, programOf(word, body));
    teams.push(new Team(several, cookie, workspace, word, verdict));
  }
  return { teams, groups: (await get<Cohort>(`/api/cohorts/${cohort.id}`)).groups.length };
}

const programOf = (word: string, body: string): string =>
  `package main\n\nimport (\n\t"fmt"\n\t"os"\n\t"time"\n)\n\nvar _, _ = os.Exit, time.Sleep\n\nconst word = "${word}"\n\nfunc main() {\n${body}\n}\n`;

/** Puts the program in the place of the exercise's own files. */
async function write(url: string, workspace: Workspace, cookie: string, source: string): Promise<void> {
  const writer = stockClient(url, workspace.id, { cookie });
  await vi.waitUntil(() => writer.provider.synced, patience);
  writer.doc.transact(() => {
    for (const { id, path } of listFiles(writer.doc))
      if (path.endsWith('.go')) filesOf(writer.doc).delete(id);
    createFile(writer.doc, 'main.go', source);
  });
  // Somebody else has it, so the server has.
  const reader = stockClient(url, workspace.id, { cookie });
  await vi.waitUntil(() => listFiles(reader.doc).some(({ path }) => path === 'main.go'), patience);
  for (const { provider } of [writer, reader]) provider.destroy();
}
