import type { RunEvent, StartRun } from '@lineage/contracts';
import { type Bench, type Measured, numberFlag } from '../run-bench.ts';
import { alternate, NOTHING_AHEAD, pairsRow, SETTLE_MS } from './alternate.ts';
import { GoCommand } from './go-command.ts';
import { RunDesk } from './run-desk.ts';

export const ALTERNATIONS = 30;

export type Contest = {
  readonly measure: string;
  /** What is edited before each side begins. */
  files(whose: string, nth: number): Record<string, string>;
  readonly run: StartRun;
  /** The event at which our clock stops. */
  ends(event: RunEvent): boolean;
  readonly go: {
    readonly name: string;
    readonly args: readonly string[];
    readonly stream: 'stdout' | 'stderr';
  };
  /** Target of the ratio; none when the figure is only told. */
  readonly atMost?: number;
  readonly notes: readonly string[];
};

/** Times a run of ours against a command of Go's, each on a text that neither side has compiled before. */
export async function againstGo(bench: Bench, contest: Contest): Promise<Measured> {
  const desk = await RunDesk.open(bench, NOTHING_AHEAD);
  const peer = new GoCommand();
  bench.atEnd(() => peer.remove());
  const pairs = await alternate(
    numberFlag('samples', ALTERNATIONS),
    {
      async ours(nth) {
        desk.write(contest.files('ours', nth));
        const { serverMs } = await desk.time(contest.run, (event) => contest.ends(event));
        return serverMs;
      },
      peer(nth) {
        peer.edit(contest.files('peer', nth));
        return peer.firstOutputMs(contest.go.args, contest.go.stream);
      },
    },
    bench.say,
  );
  return {
    rows: [pairsRow(contest.measure, contest.go.name, pairs, contest.atMost)],
    notes: [
      ...contest.notes,
      `The peer is \`go ${contest.go.args.join(' ')}\` to the first byte of its ${contest.go.stream}, by ${peer.release}.`,
      `Before each side ${SETTLE_MS} ms pass. Each edit is a text that neither side has compiled before; nothing is built or vetted while it is typed.`,
    ],
  };
}
