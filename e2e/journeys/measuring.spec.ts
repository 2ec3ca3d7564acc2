import { type Browser, type BrowserContextOptions, expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { runFromMenu, write } from '../support/code.ts';
import { enter, type SignedIn } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

/** What is prepared once for each machine takes its time, as does a program that is measured. */
const slow = { timeout: 90_000 };

/** Two phases that a profile tells apart. */
const phases = `package main

import "time"

func main() {
	spinFirst(time.Now().Add(3 * time.Second))
	spinSecond(time.Now().Add(60 * time.Second))
}

func spinFirst(until time.Time) {
	for n := 0; ; n++ {
		if n%10000 == 0 && time.Now().After(until) {
			return
		}
	}
}

func spinSecond(until time.Time) {
	for n := 0; ; n++ {
		if n%10000 == 0 && time.Now().After(until) {
			return
		}
	}
}
`;

async function open(
  browser: Browser,
  path: string,
  text: string,
  options: BrowserContextOptions = {},
): Promise<SignedIn> {
  const [who] = await otherPair();
  const entered = await enter(browser, who, { reducedMotion: 'reduce', ...options });
  await ready(entered.page, `/workspaces/${await workspaceOf(entered.context, '1.1')}`);
  await write(entered.page, path, text);
  return entered;
}

test('a profile grows while the program runs, for everybody, and stays when it is stopped', async ({
  browser,
}) => {
  const { context, page } = await open(browser, 'main.go', phases);
  const [, mate] = await otherPair();
  const other = await enter(browser, mate, { locale: 'zh-CN', colorScheme: 'dark' });
  await ready(other.page, `/workspaces/${await workspaceOf(other.context, '1.1')}`);
  await runFromMenu(page, /^Profile/);
  const strip = page.getByRole('slider', { name: 'Windows of the run' });
  await expect(strip).toBeVisible(slow);
  await expect(other.page.getByRole('slider', { name: '本次运行的各时间窗' })).toBeVisible();
  await expect(page.getByText('live', { exact: true })).toBeVisible();
  await expectAccessible(page, 'a live profile', 'minor');

  // The last window comes to hold the second phase alone, while all so far holds both.
  await page.getByRole('button', { name: 'Latest window' }).click();
  await expect(page.getByText(/most of it in main\.spinSecond/)).toBeVisible(slow);
  await strip.press('Home');
  await expect(strip).toHaveAttribute('aria-valuetext', /most of it in main\.spinFirst/);
  await expect(page.getByRole('button', { name: 'Chosen window' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await expect(page.getByRole('cell', { name: 'main.spinFirst' })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'main.spinSecond' })).toHaveCount(0);
  await strip.press('Escape');
  await expect(page.getByRole('cell', { name: 'main.spinSecond' })).toBeVisible();

  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Whole run' })).toBeVisible(slow);
  await expect(page.getByRole('cell', { name: 'main.spinFirst' })).toBeVisible();
  // Who looks later finds the same windows.
  await page.reload();
  await page.getByRole('button', { name: 'CPU over time' }).click();
  await expect(strip).toBeVisible();
  await context.close();
  await other.context.close();
});
