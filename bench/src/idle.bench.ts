// A thousand people look at one document and do nothing: what the server sends them all the same.
import { setTimeout as delay } from 'node:timers/promises';
import { ownRow } from './report/report.ts';
import { LoadGenerators } from './rooms/load/load-generators.ts';
import { cpuMs } from './system/process-cost.ts';
import { openRoomDesk } from './rooms/room-desk.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const VIEWERS = 1_000;
const ROUNDS = 5;
/** Longer than a round of pings. */
const ROUND_MS = 22_000;
/** Until everybody has been told of everybody. */
const SETTLE_MS = 5_000;
const GENERATORS = 2;
const TARGET_PER_SECOND = 5;

async function measure(bench: Bench): Promise<Measured> {
  const { atEnd, say } = bench;
  const viewers = numberFlag('readers', VIEWERS);
  const rounds = numberFlag('samples', ROUNDS);
  const desk = await openRoomDesk(bench);
  const served = await desk.serve(viewers);
  const load = new LoadGenerators(GENERATORS, atEnd);
  await load.enter('meet', 'viewers', served.places(viewers));
  await delay(SETTLE_MS);
  await load.take('viewers');
  const messages: number[] = [];
  const pings: number[] = [];
  const cpu: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const before = cpuMs(served.pids());
    await delay(ROUND_MS);
    const received = await load.take('viewers');
    messages.push((received.messages * 1000) / ROUND_MS);
    pings.push((received.pings * 1000) / ROUND_MS);
    cpu.push((cpuMs(served.pids()) - before) / ROUND_MS);
    say(
      `round ${round} of ${rounds}: ${messages.at(-1)?.toFixed(2)} messages and ${pings.at(-1)?.toFixed(1)} pings a second`,
    );
    if (received.closed > 0) throw new Error(`${received.closed} viewers were sent out`);
  }
  return {
    rows: [
      {
        ...ownRow(`messages to ${viewers} idle viewers`, '1/s', messages),
        target: { of: 'max', atMost: TARGET_PER_SECOND },
      },
      ownRow('pings to all of them', '1/s', pings),
      ownRow("server's processor time", 'cores', cpu),
    ],
    notes: [
      `${viewers} people of our own protocol are in one room, each with a presence that was told once. Counted at the viewers, in rounds of ${ROUND_MS / 1000} s, ${SETTLE_MS / 1000} s after the last came in.`,
      'Pings are control frames of WebSocket: one every 20 s for each socket, so that who is gone is noticed and no proxy ends a silent connection. They carry nothing, and are no messages. They are counted apart.',
      'The processor time is of the whole server process, with everything that it does beside rooms.',
    ],
  };
}

await runBench('idle', measure);
