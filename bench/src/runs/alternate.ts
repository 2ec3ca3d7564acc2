import { type Pair, ratioOf, summarize } from '../report/statistics.ts';
import type { Row, Target } from '../report/report.ts';

/** Pairs before the first that counts: caches of both sides fill. */
export const WARM_UPS = 2;
/** Long enough for either side to end what it does after its first output. */
export const SETTLE_MS = 800;
/** A server that builds and vets nothing while people type: it would use the machine while the other side is timed. */
export const NOTHING_AHEAD = { LINEAGE_SPECULATIVE_BUILDS: '0' };

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Times both sides in turn; who goes first changes, so that neither always finds the machine as the other left it.
 * `nth` counts from 1 and is never the same twice; only pairs after the warm-ups are given back.
 */
export async function alternate(
  count: number,
  sides: { ours(nth: number): Promise<number>; peer(nth: number): Promise<number> },
  say: (line: string) => void,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let nth = 1; nth <= WARM_UPS + count; nth++) {
    const time = async (side: 'ours' | 'peer'): Promise<number> => {
      await pause(SETTLE_MS);
      return sides[side](nth);
    };
    const pair = { ours: 0, peer: 0 };
    for (const side of nth % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const))
      pair[side] = await time(side);
    if (nth <= WARM_UPS) continue;
    pairs.push(pair);
    say(`${pairs.length} of ${count}: ${pair.ours.toFixed(0)} ms, the peer ${pair.peer.toFixed(0)} ms`);
  }
  return pairs;
}

/** The row of a table for pairs in milliseconds. */
export function pairsRow(measure: string, peer: string, pairs: readonly Pair[], atMost?: number): Row {
  const { ratio, interval } = ratioOf(pairs);
  return {
    measure,
    unit: 'ms',
    ours: summarize(pairs.map((pair) => pair.ours)),
    peers: { [peer]: summarize(pairs.map((pair) => pair.peer)) },
    ratio,
    ratioInterval95: interval,
    ...(atMost === undefined ? {} : { target: { of: 'ratio', atMost } satisfies Target }),
  };
}
