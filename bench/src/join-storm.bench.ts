// A thousand people open one document in one instant: how long until all have it, and what memory that takes.
import { setTimeout as delay } from 'node:timers/promises';
import { summarize } from './report/statistics.ts';
import type { Row } from './report/report.ts';
import { growDocument } from './rooms/documents.ts';
import { LoadGenerators } from './rooms/load/load-generators.ts';
import { startPeer } from './rooms/peers/start-peer.ts';
import { cpuMs, forgetPeak, memoryMiB } from './system/process-cost.ts';
import { openRoomDesk } from './rooms/room-desk.ts';
import type { Served } from './rooms/served.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';

const JOINERS = 1_000;
const KIB = 1024;
const DOCUMENTS = [33 * KIB, 1024 * KIB];
const ROUNDS = 5;
const SETTLE_MS = 3_000;
const GENERATORS = 2;

type Storm = {
  readonly tries: number;
  readonly allMs: number;
  readonly cpuMs: number;
  readonly moreMiB: number;
};

async function measure(bench: Bench): Promise<Measured> {
  const { atEnd, say } = bench;
  const joiners = numberFlag('readers', JOINERS);
  const rounds = numberFlag('samples', ROUNDS);
  const desk = await openRoomDesk(bench);
  const servers = [
    await desk.serve(joiners),
    await startPeer('y-websocket-server 0.1.1', desk.database.url, atEnd),
    await startPeer('hocuspocus 4.7', desk.database.url, atEnd),
  ];
  const load = new LoadGenerators(GENERATORS, atEnd);
  const rows: Row[] = [];
  for (const bytes of DOCUMENTS) {
    for (const served of servers) {
      const [writer] = served.places(1);
      if (writer === undefined) throw new RangeError('nobody writes');
      const length = await growDocument(writer, bytes);
      say(`${served.name}: a document of ${(length / KIB).toFixed(0)} KiB`);
    }
    const storms = new Map<string, Storm[]>(servers.map(({ name }) => [name, []]));
    for (let round = 1; round <= rounds; round++) {
      for (const served of round % 2 === 0 ? servers.toReversed() : servers) {
        const storm = await join(load, served, joiners);
        storms.get(served.name)?.push(storm);
        say(
          `${bytes / KIB} KiB, round ${round}, ${served.name}: ${storm.allMs.toFixed(0)} ms, ${storm.cpuMs} ms of processor time, ${storm.moreMiB.toFixed(0)} MiB more, ${storm.tries} handshakes`,
        );
      }
    }
    rows.push(...rowsOf(bytes, joiners, storms));
  }
  return {
    rows,
    notes: [
      `${joiners} sockets are opened in one instant by ${GENERATORS} processes; each greets and waits for the whole document; who is refused comes back as the editor does. The time is that of the last one. They leave again, and ${SETTLE_MS / 1000} s later the next server has its turn.`,
      'A ratio is to the better of the two peers.',
      'Memory is what the resident set of the server process rose at its peak above what it was before the storm; what an earlier storm left reserved is in the latter.',
      'The documents are letters typed in many places, each an item of its own. Ours asks PostgreSQL about the ticket, the person and what they may, for each one who comes; the peers let everybody in.',
    ],
  };
}

async function join(load: LoadGenerators, served: Served, joiners: number): Promise<Storm> {
  await delay(SETTLE_MS);
  const [pid = 0] = served.pids();
  forgetPeak(pid);
  const before = { cpu: cpuMs([pid]), memory: memoryMiB(pid).now };
  const { agesMs, messages } = await load.storm(served.name, served.places(joiners));
  return {
    tries: messages,
    allMs: Math.max(...agesMs),
    cpuMs: cpuMs([pid]) - before.cpu,
    moreMiB: memoryMiB(pid).peak - before.memory,
  };
}

function rowsOf(bytes: number, joiners: number, storms: ReadonlyMap<string, readonly Storm[]>): Row[] {
  const row = (measure: string, unit: string, of: (storm: Storm) => number): Row => {
    const [ours, ...peers] = [...storms].map(([name, list]) => [name, summarize(list.map(of))] as const);
    if (ours === undefined) throw new RangeError('no server');
    const best = Math.min(...peers.map(([, { median }]) => median));
    return {
      measure: `${measure}, ${bytes / KIB} KiB for ${joiners}`,
      unit,
      ours: ours[1],
      peers: Object.fromEntries(peers),
      ratio: ours[1].median / best,
    };
  };
  const target = { of: 'ratio', atMost: 1 } as const;
  return [
    { ...row('until all have it', 'ms', ({ allMs }) => allMs), target },
    { ...row('memory at the peak', 'MiB', ({ moreMiB }) => moreMiB), target },
    row("server's processor time", 'ms', (storm) => storm.cpuMs),
    row('handshakes', 'count', ({ tries }) => tries),
  ];
}

await runBench('join-storm', measure);
