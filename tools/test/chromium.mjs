import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { at } from '../setup/paths.mjs';
import { SetupError } from '../setup/step.mjs';
import { foundOrInstalled } from './debian.mjs';

/** Chromium without a window and what draws one: the journeys take a quarter less time in it. */
const windowless = '/usr/bin/chromium-headless-shell';
const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * A Chromium to test with: CHROME_PATH, Debian's without a window, the system's, Debian's (its packages as root), else the
 * one from npm.
 * @throws SetupError
 */
export async function chromiumPath() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  const among = (files) => () => files.find((file) => fs.existsSync(file));
  // A system that does not have the package may still have a browser.
  const shell = foundOrInstalled(among([windowless]), 'chromium-headless-shell', 'fonts-noto-cjk');
  const file =
    (await shell.catch(() => undefined)) ??
    (await foundOrInstalled(among(usual), 'chromium', 'fonts-noto-cjk'));
  return file ?? packagedChromium();
}

async function packagedChromium() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      'No Chromium was found for the browser tests. Install Chrome or Chromium, or set CHROME_PATH.',
    );
  }
  // It unpacks to the temporary directory, so each user has one.
  process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-chromium-'));
  const { default: chromium } = await import(at('node_modules/@sparticuz/chromium/build/index.js'));
  return chromium.executablePath();
}
