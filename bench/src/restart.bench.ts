// The server is started again while a thousand people are in a room: how long until they are back.
import { setTimeout as delay } from 'node:timers/promises';
import { ownRow } from './report/report.ts';
import { until } from './crash/until.ts';
import { LoadGenerators } from './rooms/load/load-generators.ts';
import { openRoomDesk } from './rooms/room-desk.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const CLIENTS = 1_000;
const SHARE = 0.99;
const TARGET_MS = 15_000;
const ROUNDS = 5;
const GENERATORS = 2;
const DEADLINE_MS = 120_000;
const LOOK_EVERY_MS = 100;
/** Apart from each other, so that the launcher's limit of restarts is not met. */
const BETWEEN_MS = 7_000;

type Return = {
  readonly backMs: number;
  readonly listeningMs: number;
  readonly tries: number;
  readonly slowestMs: number;
};

async function measure(bench: Bench): Promise<Measured> {
  const { atEnd, say } = bench;
  const clients = numberFlag('readers', CLIENTS);
  const rounds = numberFlag('samples', ROUNDS);
  const desk = await openRoomDesk(bench);
  const served = await desk.serve(clients);
  const load = new LoadGenerators(GENERATORS, atEnd);
  await load.enter('return', 'clients', served.places(clients));
  const returns: Return[] = [];
  let deaths = 0;
  for (let round = 1; round <= rounds; round++) {
    await delay(BETWEEN_MS);
    await load.count('clients');
    const [before = 0] = served.pids();
    process.kill(before, 'SIGTERM');
    const back = await comeBack(load, desk.url, clients);
    const [after = 0] = served.pids();
    await delay(BETWEEN_MS);
    if ((served.pids()[0] ?? 0) !== after) deaths += 1;
    returns.push(back);
    say(
      `round ${round} of ${rounds}: listening after ${(back.listeningMs / 1000).toFixed(1)} s, all but one of a hundred back after ${(back.backMs / 1000).toFixed(1)} s, ${back.tries} tries`,
    );
  }
  const row = (name: string, unit: string, of: (one: Return) => number) =>
    ownRow(name, unit, returns.map(of));
  return {
    rows: [
      {
        ...row(`SIGTERM to 99 % of ${clients} clients having the document`, 'ms', ({ backMs }) => backMs),
        target: { of: 'max', atMost: TARGET_MS },
      },
      row('SIGTERM to the first answer of the new server', 'ms', ({ listeningMs }) => listeningMs),
      row('handshakes that were tried', 'count', ({ tries }) => tries),
      row('slowest answer of health/live while they come back', 'ms', ({ slowestMs }) => slowestMs),
    ],
    notes: [
      `The server process is ended by SIGTERM, and the launcher starts it again, as an upgrade does. ${clients} clients of two processes come back as the editor does: after anywhere between no time and a bound that doubles from 250 ms to 8 s.`,
      `Counted every ${LOOK_EVERY_MS} ms. health/live is asked as often, from the first answer on until 99 % are there.`,
      deaths === 0 ? 'The new server lived through every return.' : `The new server died ${deaths} times.`,
    ],
    ...(deaths > 0 ? { failure: `the server died ${deaths} times while its clients came back` } : {}),
  };
}

async function comeBack(load: LoadGenerators, url: string, clients: number): Promise<Return> {
  const beganAt = performance.now();
  let left = false;
  let isBack = false;
  let tries = 0;
  const health = askHealth(url, () => isBack);
  const count = async (): Promise<void> => {
    while (!isBack) {
      const { synced, tries: more } = await load.count('clients');
      tries += more;
      left ||= synced < clients * SHARE;
      isBack = left && synced >= clients * SHARE;
      if (!isBack) await delay(LOOK_EVERY_MS);
    }
  };
  const counting = count();
  await until('they are back', DEADLINE_MS, () => isBack);
  const backMs = performance.now() - beganAt;
  await counting;
  const { firstAt, slowestMs } = await health;
  return { backMs, listeningMs: firstAt - beganAt, tries, slowestMs };
}

/** When the server first answers again, and how long it takes at most from then on. */
async function askHealth(
  url: string,
  isOver: () => boolean,
): Promise<{ firstAt: number; slowestMs: number }> {
  let wasAway = false;
  let firstAt = 0;
  let slowestMs = 0;
  while (!isOver()) {
    const askedAt = performance.now();
    const answered = await fetch(`${url}/api/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
    const now = performance.now();
    wasAway ||= !answered;
    if (answered && wasAway) {
      if (firstAt === 0) firstAt = now;
      else slowestMs = Math.max(slowestMs, now - askedAt);
    }
    await delay(LOOK_EVERY_MS);
  }
  return { firstAt, slowestMs };
}

await runBench('restart', measure);
