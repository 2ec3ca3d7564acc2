// JavaScript that a first visit of the workspace page loads, gzipped.
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page, Response } from '@playwright/test';
import { ownRow, type Row } from './report/report.ts';
import { type Bench, type Measured, runBench } from './run-bench.ts';
import { launchBrowser, openPage } from './system/browser.ts';
import { signInPair } from './system/person.ts';
import { openFirst } from './system/workspaces.ts';

const TARGET_KB = 350;
/** What a server in front of Lineage would use. */
const GZIP_LEVEL = 6;

type Script = { readonly name: string; readonly bytes: number; readonly gzippedBytes: number };

async function measure({ system, atEnd, say }: Bench): Promise<Measured> {
  const { url } = await system();
  const [person] = await signInPair(url);
  const workspace = await openFirst(person);
  const browser = await launchBrowser();
  atEnd(() => browser.close());
  const page = await openPage(browser, person);
  const scripts = await scriptsOf(page, async () => {
    await page.goto(`${url}/workspaces/${workspace.id}`);
    await page.locator('.cm-content').first().waitFor();
    // The page loads what may be needed next when it is idle; on a first visit that is loaded too.
    await page.waitForLoadState('networkidle');
  });
  for (const { name, gzippedBytes } of scripts.toSorted((a, b) => b.gzippedBytes - a.gzippedBytes))
    say(`${(gzippedBytes / 1000).toFixed(1).padStart(8)} kB  ${name}`);
  const kilobytes = (pick: (script: Script) => number): number =>
    scripts.reduce((sum, script) => sum + pick(script), 0) / 1000;
  return {
    rows: [
      {
        ...row(
          'JavaScript of a first visit, gzipped',
          'kB',
          kilobytes(({ gzippedBytes }) => gzippedBytes),
        ),
        target: { of: 'max', atMost: TARGET_KB },
      },
      row(
        'the same, as it is',
        'kB',
        kilobytes(({ bytes }) => bytes),
      ),
      row('files', 'count', scripts.length),
    ],
    notes: [
      `Every script that a Chromium with an empty cache asked for until the editor stood and the network was idle, workers included, each gzipped by itself at level ${GZIP_LEVEL}; kB are 1,000 bytes.`,
      'There is no peer: the measure is a limit.',
    ],
  };
}

async function scriptsOf(page: Page, visit: () => Promise<void>): Promise<Script[]> {
  const responses: Response[] = [];
  page.context().on('response', (response) => {
    if (/javascript/.test(response.headers()['content-type'] ?? '')) responses.push(response);
  });
  await visit();
  const scripts = new Map<string, Script>();
  for (const response of responses) {
    const body = await response.body();
    const name = path.basename(new URL(response.url()).pathname);
    scripts.set(name, {
      name,
      bytes: body.length,
      gzippedBytes: gzipSync(body, { level: GZIP_LEVEL }).length,
    });
  }
  return [...scripts.values()];
}

const row = (measure: string, unit: string, value: number): Row => ownRow(measure, unit, [value]);

await runBench('first-load', measure);
