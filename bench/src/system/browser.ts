import { type Browser, chromium, type Page } from '@playwright/test';
import type { Person } from './person.ts';

const VIEWPORT = { width: 1440, height: 900 };

/** A Chromium as the journeys use it: CHROME_PATH, else the system's. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });

/** An empty page of a context of its own, signed in as this person. */
export async function openPage(browser: Browser, person: Person): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-GB' });
  const cookies = person.cookie.split('; ').map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url: person.url };
  });
  await context.addCookies(cookies);
  return context.newPage();
}
