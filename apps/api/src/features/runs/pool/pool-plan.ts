import { failed, type PodFailure } from './pod-failure.ts';
import type { PodFacts } from './pod-facts.ts';
import { DEADLINE_SECONDS } from './runner-pod.ts';

/** A node that has the image starts a pod in seconds; one that has to pull it may need minutes. */
export const START_DEADLINE_MS = 180_000;
/** A warm pod of this age is replaced, so that who claims one has at least half of its life left. */
const MOST_WARM_AGE_MS = (DEADLINE_SECONDS / 2) * 1000;
/** A younger pod is not too many: another process may have made it for somebody who waits there. */
const SURPLUS_AGE_MS = 60_000;
/** Pods that start at once: on few machines more would only slow each other, on many a tenth of all are not felt. */
const LEAST_STARTING = 8;
const STARTING_SHARE = 1 / 10;

export type PoolNeed = {
  /** Pods to have ready beyond those that somebody waits for. */
  readonly warm: number;
  /** Groups of this process that wait for a pod. */
  readonly waiting: number;
  /** The most pods that may exist. */
  readonly most: number;
  /** Make none now, whatever is missing. */
  readonly hold: boolean;
  readonly template: string;
  /** This process, and the leases that it uses. */
  readonly self: string;
  readonly held: ReadonlySet<string>;
  readonly isAlive: (holder: string) => boolean;
  readonly now: number;
};

export type PoolPlan = {
  /** Places for which a pod is to be made. */
  readonly make: readonly number[];
  readonly end: readonly { readonly pod: PodFacts; readonly failure: PodFailure | null }[];
  /** Started, and to be made ready for a claim. */
  readonly prepare: readonly PodFacts[];
  /** Pods that are missing and may not be made: the cap is reached. */
  readonly lacking: number;
};

/** What to do so that the pool becomes what is needed. The same from every process, or harmless when done twice. */
export function planPool(pods: readonly PodFacts[], need: PoolNeed): PoolPlan {
  const end: { pod: PodFacts; failure: PodFailure | null }[] = [];
  const staying: PodFacts[] = [];
  for (const pod of pods) {
    if (pod.ending) continue;
    const verdict = judge(pod, need);
    if (verdict === 'stays') staying.push(pod);
    else end.push({ pod, failure: verdict });
  }
  const free = staying.filter(({ state }) => state !== 'claimed');
  const starting = free.filter(({ state }) => state === 'new');
  const wanted = need.warm + need.waiting;
  const missing = Math.max(0, wanted - free.length);
  const room = Math.max(0, need.most - pods.length);
  const makes = need.hold
    ? 0
    : Math.min(missing, room, Math.max(0, mostStarting(need.most) - starting.length));
  for (const pod of surplus(free, free.length - wanted, need.now)) end.push({ pod, failure: null });
  return {
    make: freePlaces(pods, need.most).slice(0, makes),
    end,
    prepare: starting.filter(({ ready }) => ready),
    lacking: Math.max(0, missing - room),
  };
}

const mostStarting = (most: number): number => Math.max(LEAST_STARTING, Math.ceil(most * STARTING_SHARE));

/** Why a pod has to go, null when it did nothing wrong. */
function judge(pod: PodFacts, need: PoolNeed): PodFailure | null | 'stays' {
  if (pod.failure !== null) return pod.failure;
  if (pod.state === 'claimed') {
    const uses = (process: string): boolean =>
      process === need.self ? need.held.has(pod.lease) : need.isAlive(process);
    if ([pod.holder, ...pod.guests].some(uses)) return 'stays';
    return pod.holder === need.self ? null : failed('orphaned');
  }
  const age = need.now - pod.createdAt.getTime();
  if (pod.template !== need.template || age > MOST_WARM_AGE_MS) return null;
  if (pod.state === 'warm') return pod.ready ? 'stays' : failed('wedged');
  // A cluster that grows makes room in its own time.
  if (age < START_DEADLINE_MS || pod.waiting?.word === 'no_room') return 'stays';
  return pod.waiting ?? failed('slow_start');
}

/** The last to become ready go first. */
function surplus(free: readonly PodFacts[], count: number, now: number): PodFacts[] {
  if (count <= 0) return [];
  return free
    .filter(({ createdAt }) => now - createdAt.getTime() > SURPLUS_AGE_MS)
    .sort((a, b) => Number(a.state === 'warm') - Number(b.state === 'warm') || +b.createdAt - +a.createdAt)
    .slice(0, count);
}

function freePlaces(pods: readonly PodFacts[], most: number): number[] {
  const taken = new Set(pods.map(({ name }) => Number(name.slice(name.lastIndexOf('-') + 1))));
  return Array.from({ length: most }, (_, at) => at).filter((at) => !taken.has(at));
}
