// What a keystroke costs the page's main thread while 60 others have their carets in the same file.
import path from 'node:path';
import { build } from 'vite';
import { median, summarize } from './report/statistics.ts';
import { type Bench, type Measured, numberFlag, runBench } from './run-bench.ts';
import { launchBrowser } from './system/browser.ts';

const web = path.resolve(import.meta.dirname, '../../apps/web');
const entry = path.join(web, 'src/features/editor/codemirror/typing.bench-page.ts');
const PEOPLE = 60;
const ROUNDS = 5;
const SAMPLES_A_ROUND = 40;
const TARGET_MEDIAN_MS = 0.5;
const subjects = ['lineage', 'y-codemirror.next', 'alone'] as const;

async function measure({ atEnd, say }: Bench): Promise<Measured> {
  const people = numberFlag('people', PEOPLE);
  const script = await bundle();
  const browser = await launchBrowser();
  atEnd(() => browser.close());
  const page = await browser.newPage();
  await page.setContent('<!doctype html><title>typing</title><body></body>');
  await page.addScriptTag({ content: script });
  const typed = (subject: string, samples: number): Promise<number[]> =>
    page.evaluate(
      ([who, count, times]) => {
        const run = Reflect.get(globalThis, 'typingSamples') as (
          subject: string,
          people: number,
          samples: number,
        ) => number[];
        return run(who, count, times);
      },
      [subject, people, samples] as const,
    );
  const taken: Record<(typeof subjects)[number], number[]> = {
    lineage: [],
    'y-codemirror.next': [],
    alone: [],
  };
  for (const subject of subjects) await typed(subject, SAMPLES_A_ROUND);
  for (let round = 1; round <= ROUNDS; round++) {
    for (const subject of subjects) taken[subject].push(...(await typed(subject, SAMPLES_A_ROUND)));
    say(`round ${round} of ${ROUNDS}: median ${median(taken.lineage).toFixed(3)} ms`);
  }
  return {
    rows: [
      {
        measure: `main thread a keystroke, ${people} carets`,
        unit: 'ms',
        ours: summarize(taken.lineage),
        peers: {
          'y-codemirror.next 0.3.6': summarize(taken['y-codemirror.next']),
          'ours, nobody else there': summarize(taken.alone),
        },
        ratio: median(taken.lineage) / median(taken['y-codemirror.next']),
        target: { of: 'median', atMost: TARGET_MEDIAN_MS },
      },
    ],
    notes: [
      'The editor, the Yjs text and the carets of others, without the network: from the transaction of one typed character to the layout after it, in Chromium without a graphics card. A sample is the mean of 50 keystrokes, because the clock of a page is coarse. Nobody else moves meanwhile.',
      'The same 18 KiB of Go and the same carets for each, taken in turns. Language, brackets and gutters are the same in both and left out.',
    ],
  };
}

/** The page's code as one script. */
async function bundle(): Promise<string> {
  const built = await build({
    root: web,
    configFile: false,
    logLevel: 'warn',
    resolve: { dedupe: ['yjs', 'y-protocols', 'lib0', '@codemirror/state', '@codemirror/view'] },
    build: { write: false, minify: true, lib: { entry, formats: ['iife'], name: 'typingBench' } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (output === undefined || !('output' in output)) throw new Error('the page was not built');
  return output.output[0].code;
}

await runBench('typing', measure);
