// From the end of a profiled run to its flame graph painted in a second person's browser.
import type { Page } from '@playwright/test';
import { summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { launchBrowser, openPage } from './system/browser.ts';
import { LiveRuns } from './system/live-runs.ts';
import { ask, signInPair } from './system/person.ts';
import { enterRoom } from './system/room-client.ts';
import { openFirst } from './system/workspaces.ts';

const SAMPLES = 200;
const MOST_MS = 4 * 60_000;
const WARM_UPS = 2;
const PAINT_DEADLINE_MS = 15_000;
const TARGET_P95_MS = 300;

/** Long enough for some twenty samples at 100 Hz, with frames that have names. */
const program = `package main

import (
	"fmt"
	"time"
)

func burn(n int) (sum int) {
	for i := range n {
		sum += i * i % 7
	}
	return sum
}

func main() {
	sum := 0
	for began := time.Now(); time.Since(began) < 200*time.Millisecond; {
		sum += burn(1_000_000)
	}
	fmt.Println(sum)
}
`;

async function measure({ system, atEnd, say }: Bench): Promise<Measured> {
  const samples = numberFlag('samples', SAMPLES);
  const { url } = await system();
  const [presser, viewer] = await signInPair(url);
  const workspace = await openFirst(presser);
  const room = await enterRoom(presser, workspace.id);
  atEnd(() => room.leave());
  room.write('main.go', program);
  await room.until(({ saved }) => saved);
  const runs = await LiveRuns.connect(presser);
  atEnd(() => runs.close());
  const browser = await launchBrowser();
  atEnd(() => browser.close());
  const page = await openPage(browser, viewer);
  const painted = await watchPaints(page);
  await page.goto(`${url}/workspaces/${workspace.id}?tab=flame`);

  const once = async (): Promise<number> => {
    const { lastFrame, connectionId } = room.state;
    const run = await ask(
      presser,
      'startRun',
      { workspaceId: workspace.id },
      { kind: 'run', signals: ['cpu'], lastFrame, connectionId },
    );
    const watched = runs.watch(run.id);
    const { event } = await watched.first(({ body }) => body.type === 'artifact');
    if (event.body.type !== 'artifact') throw new Error('no artifact');
    const paintedAtMs = painted(event.body.artifact.id);
    const end = await watched.first(({ body }) => body.type === 'end');
    runs.forget(run.id);
    return (await paintedAtMs) - end.atMs;
  };
  for (let nth = 0; nth < WARM_UPS; nth++) await once();
  const latencies: number[] = [];
  const beganAt = performance.now();
  while (latencies.length < samples && performance.now() - beganAt < MOST_MS) {
    latencies.push(await once());
    if (latencies.length % 20 === 0) say(`${latencies.length} of ${samples}`);
  }
  const before = latencies.filter((latencyMs) => latencyMs <= 0).length;
  return {
    rows: [
      {
        measure: 'run end to flame graph painted',
        unit: 'ms',
        ours: summarize(latencies),
        peers: {},
        target: { of: 'p95', atMost: TARGET_P95_MS },
      },
    ],
    notes: [
      "From the run's end event seen by one person on socket.io to the flame graph of its CPU profile painted in another person's Chromium, which has the workspace open at the flame tab. Both ends are told to one process and timed by its clock, so the way from the page to it is in the figure.",
      `Painted is what the page says: two animation frames after it drew. ${before} of ${latencies.length} were painted before the end event came, since the profile is sent as soon as it is stored; they count as they are, below zero.`,
      'There is no peer that shares a profile of a run live. Chromium draws without a graphics card.',
    ],
  };
}

/** Gives the time at which an artifact is said to be painted on this page, asked for before or after it is. */
async function watchPaints(page: Page): Promise<(artifactId: string) => Promise<number>> {
  const seen = new Map<string, number>();
  const waiting = new Map<string, (atMs: number) => void>();
  await page.exposeFunction('lineageBenchPainted', (artifactId: string) => {
    const atMs = performance.now();
    if (seen.has(artifactId)) return;
    seen.set(artifactId, atMs);
    waiting.get(artifactId)?.(atMs);
  });
  await page.addInitScript(() => {
    const tell = (): void => {
      const id = document.querySelector('[data-painted]')?.getAttribute('data-painted');
      const told: unknown = Reflect.get(window, 'lineageBenchPainted');
      if (typeof id === 'string' && typeof told === 'function') told(id);
    };
    new MutationObserver(tell).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['data-painted'],
    });
  });
  return (artifactId) =>
    new Promise((resolve, reject) => {
      const atMs = seen.get(artifactId);
      if (atMs !== undefined) return resolve(atMs);
      const timer = setTimeout(() => reject(new Error('the flame graph was not painted')), PAINT_DEADLINE_MS);
      waiting.set(artifactId, (paintedAtMs) => {
        clearTimeout(timer);
        resolve(paintedAtMs);
      });
    });
}

await runBench('flame-paint', measure);
