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

test('a program is run over a parameter, and its runs stand beside each other', async ({ browser }) => {
  const { context, page } = await open(
    browser,
    'main.go',
    'package main\n\nimport (\n\t"os"\n\t"strconv"\n\t"time"\n)\n\nfunc main() {\n\tms, _ := strconv.Atoi(os.Args[1])\n\tif ms == 3 {\n\t\tos.Exit(4)\n\t}\n\ttime.Sleep(time.Duration(ms) * time.Millisecond)\n}\n',
    { viewport: { width: 390, height: 844 } },
  );
  await page.keyboard.press('ControlOrMeta+Shift+o');
  const dialog = page.getByRole('dialog', { name: 'Run with options' });
  await dialog.getByLabel('Parameter').selectOption('argument');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog.getByText(/^One to sixteen values/)).toBeVisible();
  await dialog.getByLabel('Values').fill('100 300 3');
  await dialog.getByLabel('Runs of each').fill('2');
  await expectAccessible(page, 'options of a sweep', 'minor');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: 'Results', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Sweep', selected: true })).toBeVisible(slow);
  const pane = page.getByRole('region', { name: 'Runs over a parameter' });
  const row = pane.getByRole('row', { name: /^3 / });
  await expect(row).toContainText('failed (4)', slow);
  await expect(pane.getByRole('row', { name: /^300 / })).toContainText(/[2-9][.\d]* ×/);
  await expect(
    pane.getByRole('img', { name: /^Time by Last argument, median: 100: 1\d\d ms/ }),
  ).toBeVisible();
  await expect(pane.locator('[data-quiet]')).toBeVisible(slow);
  await expectAccessible(page, 'a sweep', 'minor');
  await context.close();
});

test('benchmarks are compared with those of the text before', async ({ browser }) => {
  const bench = (work: string): string =>
    `package main\n\nimport (\n\t"testing"\n\t"time"\n)\n\nfunc BenchmarkWait(b *testing.B) {\n\tfor b.Loop() {\n\t\ttime.Sleep(${work})\n\t}\n}\n`;
  const { context, page } = await open(browser, 'wait_test.go', bench('2 * time.Millisecond'), {
    locale: 'zh-CN',
    colorScheme: 'dark',
  });
  const table = page.getByRole('region', { name: '基准测试' });
  const row = table.getByRole('row', { name: /BenchmarkWait sec\/op/ });
  await runFromMenu(page, /^基准测试/);
  await expect(row).toBeVisible(slow);
  await expect(table.locator('[data-quiet]')).toBeVisible(slow);
  await write(page, 'wait_test.go', bench('4 * time.Millisecond'));
  await runFromMenu(page, /^基准测试/);
  await expect(table.getByText(/的运行对比。$/)).toBeVisible(slow);
  await expect(row).toContainText(/\+\d+(\.\d)?%（p = 0\.\d+）/, slow);
  await expect(table.locator('[data-quiet]')).toBeVisible(slow);
  await expectAccessible(page, 'benchmarks that are compared', 'minor');

  // Who asks for it chooses among all runs of this exercise that they may see.
  await page.keyboard.press('ControlOrMeta+Shift+o');
  const dialog = page.getByRole('dialog', { name: '带选项运行' });
  await dialog.getByLabel('运行内容').selectOption('bench');
  await expect(dialog.getByLabel('对比对象').getByRole('option')).toHaveCount(4);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '删除 wait_test.go' }).click();
  await context.close();
});
