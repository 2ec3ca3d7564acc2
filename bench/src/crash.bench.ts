// Kills the API and PostgreSQL at random while two people type, and counts what was saved and is lost.
import { readTree } from '@lineage/collab';
import { setTimeout as delay } from 'node:timers/promises';
import type * as Y from 'yjs';
import { kill, type Victim, victims } from './crash/kill.ts';
import { TypingClient } from './crash/typing-client.ts';
import { until } from './crash/until.ts';
import type { Row } from './report/report.ts';
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { signInPair } from './system/person.ts';
import { enterRoom } from './system/room-client.ts';
import { openFirst } from './system/workspaces.ts';

const KILLS_OF_EACH = 20;
/** Before each kill. Two of one kind are so far apart that the launcher's limit of restarts is not met. */
const TYPE_MS = { from: 6_200, to: 7_500 };
const BACK_DEADLINE_MS = 60_000;
const EQUAL_DEADLINE_MS = 15_000;

type Kill = { readonly victim: Victim; readonly lost: number; readonly backMs: number };

async function measure({ system, atEnd, say }: Bench): Promise<Measured> {
  const killsOfEach = numberFlag('kills', KILLS_OF_EACH);
  const { url, pid } = await system();
  const [first, second] = await signInPair(url);
  const { id } = await openFirst(first);
  const clients = [new TypingClient(first, id), new TypingClient(second, id)];
  atEnd(() => clients.forEach((client) => client.leave()));
  await until('both are in the room', BACK_DEADLINE_MS, () => clients.every(({ isSynced }) => isSynced));
  for (const client of clients) client.start();

  const kills: Kill[] = [];
  for (let nth = 0; nth < killsOfEach * victims.length; nth++) {
    const victim = victims[nth % victims.length] ?? 'API';
    await delay(TYPE_MS.from + Math.random() * (TYPE_MS.to - TYPE_MS.from));
    const lostBefore = lostBy(clients);
    const typed = clients.map((client) => client.typed);
    kill(victim, pid);
    // What is typed from here on can be saved only by what was started again.
    const backMs = await until(`after a kill of the ${victim} both save again`, BACK_DEADLINE_MS, () => {
      const broken = clients.find((client) => client.broken !== null);
      if (broken !== undefined) throw new Error(broken.broken ?? '');
      return clients.every(({ acknowledged }, i) => acknowledged > (typed[i] ?? 0));
    });
    kills.push({ victim, lost: lostBy(clients) - lostBefore, backMs });
    say(
      `kill ${kills.length} of ${killsOfEach * victims.length}, ${victim}: ${kills.at(-1)?.lost ?? 0} lost, saving again after ${(backMs / 1000).toFixed(1)} s`,
    );
  }
  for (const client of clients) client.pause();
  await until('everything is saved', EQUAL_DEADLINE_MS, () =>
    clients.every(({ acknowledged, typed }) => acknowledged === typed),
  );
  const differing = await countDiffering(clients, async () => (await enterRoom(second, id)).doc);
  const typed = clients.reduce((sum, client) => sum + client.typed, 0);
  const finalCloses = clients.reduce((sum, client) => sum + client.promises.finalCloses, 0);
  const lost = lostBy(clients);
  return {
    rows: [
      ...victims.flatMap((victim) => rowsOf(victim, kills)),
      countRow('copies of the document that differ at the end', differing),
      countRow('closes that tell a client to stay away', finalCloses),
    ],
    notes: [
      `Two people typed ${typed} characters in one file of one room, ${TYPE_MS.from / 1000} to ${TYPE_MS.to / 1000} s before each SIGKILL and through it. The kill is of the API process, or of PostgreSQL's first process; the launcher starts each again.`,
      'A character counts as saved when the client would say so: from acknowledgements alone. It counts as lost when the server that comes back greets with a state vector below it, before the client sends it again.',
      'Copies compared at the end: both clients, and a third that joined afresh; with a SIGKILL the operating system keeps what was written, so this says nothing about a loss of power.',
    ],
    ...(lost + differing > 0
      ? { failure: `${lost} acknowledged characters lost, ${differing} copies differ` }
      : {}),
  };
}

const lostBy = (clients: readonly TypingClient[]): number =>
  clients.reduce((sum, { promises }) => sum + promises.lostCharacters, 0);

/** How many copies are not like the first; waits for what is still on its way. */
async function countDiffering(
  clients: readonly TypingClient[],
  fresh: () => Promise<Y.Doc>,
): Promise<number> {
  const docs = [...clients.map(({ doc }) => doc), await fresh()];
  const count = (): number => {
    const [first, ...others] = docs.map((doc) => JSON.stringify(readTree(doc)));
    return others.filter((text) => text !== first).length;
  };
  await until('all copies are equal', EQUAL_DEADLINE_MS, () => count() === 0).catch(() => {});
  return count();
}

function rowsOf(victim: Victim, kills: readonly Kill[]): Row[] {
  const those = kills.filter((one) => one.victim === victim);
  return [
    {
      measure: `acknowledged characters lost by a kill of the ${victim}`,
      unit: 'characters',
      ours: summarize(those.map(({ lost }) => lost)),
      peers: {},
      target: { of: 'max', atMost: 0 },
    },
    {
      measure: `from a kill of the ${victim} to both saving again`,
      unit: 'ms',
      ours: summarize(those.map(({ backMs }) => backMs)),
      peers: {},
    },
  ];
}

const countRow = (measure: string, count: number): Row => ({
  measure,
  unit: 'count',
  ours: summarize([count]),
  peers: {},
  target: { of: 'max', atMost: 0 },
});

await runBench('crash', measure);
