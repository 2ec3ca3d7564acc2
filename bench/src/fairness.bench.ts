// How long a group that presses Run once waits while another one always has as many runs waiting as it may, 200 in all.
import { ownRow, type Row } from './report/report.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { pause } from './runs/alternate.ts';
import { programs } from './runs/programs.ts';
import { RunDesk, type Timed } from './runs/run-desk.ts';
import { learnersByGroup, signIn } from './system/person.ts';

const RUNS = 200;
/** As many as the server lets one person have that have not ended, one under way and the others in the queue. */
const AT_ONCE_A_PERSON = 3;
/** People of the group that has the many: two have all that a group may have. */
const CROWD = 2;
/** Between two commands of the group that has the one, as long as somebody would take at least. */
const BETWEEN_MS = 250;
/** Before a command that was refused is tried again: an end is told a moment before its place is free. */
const REFUSED_MS = 20;
/** How many programs the server lets run at once. With one, who comes has to wait; the second is what it starts with. */
const SLOTS = [1, 16];

/** By the server's clock; `queuedAt` is when it had a place in the queue, or its turn at once. */
type Built = { readonly commandAt: number; readonly queuedAt: number; readonly builtAt: number };

async function measure(bench: Bench): Promise<Measured> {
  const runs = numberFlag('samples', RUNS);
  const rows: Row[] = [];
  for (const slots of SLOTS) {
    bench.say(`${slots} at once`);
    rows.push(...rowsOf(slots, await compete(bench, slots, runs)));
  }
  return {
    rows,
    notes: [
      `A is ${CROWD} people of a group who press Run as often as they may, each time with another edit of hello, until ${runs} runs have ended; more than ${AT_ONCE_A_PERSON} that have not ended the server lets nobody have. B is somebody of another group who presses Run ${BETWEEN_MS} ms after the last one ended, with an edit too.`,
      'A wait is from the receipt of the command to the moment at which the compiler has the text, by the server’s clock.',
      'Where programs run one at a time, a build of A that begins while B is in the queue is of the run that had the slot when B came.',
    ],
  };
}

/** A and B of two groups of one Lineage, until A has had its runs. */
async function compete(bench: Bench, slots: number, runs: number): Promise<{ a: Built[]; b: Built[] }> {
  const { url } = await bench.system({ LINEAGE_RUN_SLOTS: String(slots) });
  const groups = (await learnersByGroup(url)).filter(({ length }) => length >= CROWD);
  const [many, one] = groups;
  const single = one?.[0];
  if (many === undefined || single === undefined) throw new Error('the demo has no two groups');
  const desk = async (persona: typeof single): Promise<RunDesk> =>
    RunDesk.of(await signIn(url, persona), bench.atEnd);
  const crowd = await Promise.all(many.slice(0, CROWD).map(desk));
  const other = await desk(single);
  const [a, b]: [Built[], Built[]] = [[], []];
  let left = runs;
  const press = async (who: RunDesk): Promise<void> => {
    while (left > 0) {
      left -= 1;
      a.push(await build(who, 'crowd', left));
      if (a.length % 50 === 0) bench.say(`${a.length} of ${runs}`);
    }
  };
  const pressing = Promise.all(
    crowd.flatMap((who) => Array.from({ length: AT_ONCE_A_PERSON }, () => press(who))),
  );
  for (let nth = 1; left > 0; nth++) {
    await pause(BETWEEN_MS);
    b.push(await build(other, 'single', nth));
  }
  await pressing;
  return { a, b };
}

async function build(who: RunDesk, whose: string, nth: number): Promise<Built> {
  who.write(programs.hello.files(whose, nth));
  for (;;) {
    try {
      return built(await who.time({ kind: 'run' }, ({ body }) => isBuilding(body)));
    } catch (err) {
      if (!(err instanceof Error && err.message.includes('answered 429'))) throw err;
      await pause(REFUSED_MS);
    }
  }
}

const isBuilding = (body: Timed['event']['body']): boolean =>
  body.type === 'stage' && body.stage === 'queue' && body.finished;

function built({ commandAt, serverMs, seen }: Timed): Built {
  const queued = seen.find(({ event: { body } }) => body.type === 'stage' && body.stage === 'queue');
  return {
    commandAt,
    queuedAt: commandAt + (queued?.event.atMs ?? serverMs),
    builtAt: commandAt + serverMs,
  };
}

function rowsOf(slots: number, { a, b }: { a: Built[]; b: Built[] }): Row[] {
  const waits = (all: readonly Built[]): number[] => all.map((one) => one.builtAt - one.commandAt);
  const before = b.map(
    ({ queuedAt, builtAt }) => a.filter((one) => one.builtAt > queuedAt && one.builtAt <= builtAt).length,
  );
  const name = slots === 1 ? 'one program at a time' : `${slots} programs at once`;
  return [
    {
      ...ownRow(`${name}: builds of A that begin while B is in the queue`, 'builds', before),
      ...(slots === 1 ? { target: { of: 'max', atMost: 1 } as const } : {}),
    },
    ownRow(`${name}: B, command to build`, 'ms', waits(b)),
    ownRow(`${name}: A, command to build`, 'ms', waits(a)),
  ];
}

await runBench('fairness', measure);
