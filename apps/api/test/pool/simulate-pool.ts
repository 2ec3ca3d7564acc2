// Simulates a day of a pool whose groups all begin at once: `simulate-pool.ts GROUPS` prints for each policy the waits in
// seconds and the hours of pods. What is decided is decided by the pool's own plan; time, machines and people are made up.
import type { PodFacts } from '../../src/features/runs/pool/pod-facts.ts';
import { planPool } from '../../src/features/runs/pool/pool-plan.ts';

/** As measured for a pod whose image is on the machine. */
const START_S = 2.5;
/** Everybody is told at once to press Run. */
const ARRIVAL_S = 10;
const CLASS_BEGINS_S = 9 * 3600;
const CLASS_LASTS_S = 2 * 3600;
const IDLE_S = 600;
const LEAD_S = 600;
const FEW = 10;
const DAY_S = 24 * 3600;

/** How many pods to have ready, at a second of the day. The last two reckon with groups that have a pod already, as the pool does. */
type Policy = {
  readonly name: string;
  readonly warm: (at: number, groups: number, claimed: number) => number;
};

const isClass = (at: number): boolean => at > CLASS_BEGINS_S - LEAD_S && at < CLASS_BEGINS_S + CLASS_LASTS_S;

const policies: readonly Policy[] = [
  { name: 'ten warm', warm: () => FEW },
  { name: 'a tenth warm, all day', warm: (_, groups) => groups / 10 },
  {
    name: 'by the timetable',
    warm: (at, groups, claimed) => Math.max(FEW, isClass(at) ? groups - claimed : 0),
  },
  { name: 'all warm, all day', warm: (_, groups, claimed) => groups - claimed },
];

/** Fine where something happens, coarse where nothing does. */
const stepAt = (at: number): number =>
  at > CLASS_BEGINS_S - 700 && at < CLASS_BEGINS_S + 2 * ARRIVAL_S + 1200 ? 0.25 : 30;

type Simulated = { name: string; waits: number[]; podHours: number };

function simulate({ name, warm }: Policy, groups: number): Simulated {
  const most = groups + 20;
  const pods = new Map<string, PodFacts & { readyAt: number }>();
  const arrivals = Array.from({ length: groups }, (_, nth) => CLASS_BEGINS_S + (nth * ARRIVAL_S) / groups);
  const waiting: number[] = [];
  const waits: number[] = [];
  let [seconds, next] = [0, 0];
  for (let at = 0; at < DAY_S; at += stepAt(at)) {
    while ((arrivals[next] ?? Infinity) <= at) waiting.push(arrivals[next++] ?? at);
    for (const [key, pod] of pods)
      if (pod.state === 'new' && pod.readyAt <= at) pods.set(key, { ...pod, state: 'warm', ready: true });
    for (const [key, pod] of pods) {
      if (waiting.length === 0) break;
      if (pod.state !== 'warm') continue;
      waits.push(Number((at - (waiting.shift() ?? at)).toFixed(3)));
      pods.set(key, { ...pod, state: 'claimed', holder: 'them' });
    }
    if (at > CLASS_BEGINS_S + CLASS_LASTS_S + IDLE_S)
      for (const [key, pod] of pods) if (pod.state === 'claimed') pods.delete(key);
    const claimed = [...pods.values()].filter(({ state }) => state === 'claimed').length;
    const plan = planPool([...pods.values()], {
      warm: warm(at, groups, claimed),
      waiting: waiting.length,
      most,
      hold: false,
      template: 't',
      self: 'us',
      held: new Set(),
      isAlive: () => true,
      now: at * 1000,
    });
    for (const { pod } of plan.end) pods.delete(pod.name);
    for (const nth of plan.make) pods.set(`runner-${nth}`, made(nth, at));
    seconds += pods.size * stepAt(at);
  }
  return { name, waits, podHours: seconds / 3600 };
}

function made(nth: number, at: number): PodFacts & { readyAt: number } {
  return {
    name: `runner-${nth}`,
    uid: `${nth}-${at}`,
    resourceVersion: '1',
    createdAt: new Date(at * 1000),
    state: 'new',
    template: 't',
    node: '',
    ip: '',
    ready: false,
    ending: false,
    failure: null,
    waiting: null,
    certificate: null,
    lease: '',
    holder: '',
    group: '',
    claimedAt: '',
    guests: [],
    readyAt: at + START_S,
  };
}

const groups = Number(process.argv[2] ?? '2000');
process.stdout.write(JSON.stringify(policies.map((policy) => simulate(policy, groups))));
