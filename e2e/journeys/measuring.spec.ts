import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { runFromMenu, write } from '../support/code.ts';
import { openWith } from '../support/open.ts';
import { enter } from '../support/people.ts';
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

test('a profile grows while the program runs, for everybody, and stays when it is stopped', async ({
  browser,
}) => {
  const { context, page } = await openWith(browser, 'main.go', phases);
  const [, mate] = await otherPair();
  const other = await enter(browser, mate, { locale: 'zh-CN', colorScheme: 'dark' });
  await ready(other.page, `/workspaces/${await workspaceOf(other.context, '1.1')}`);
  await runFromMenu(page, /^Profile/);
  const strip = page.getByRole('slider', { name: 'Windows of the run' });
  await expect(strip).toBeVisible(slow);
  await expect(other.page.getByRole('slider', { name: '本次运行的各时间窗' })).toBeVisible();
  await expect(page.getByText('live', { exact: true })).toBeVisible();
  await expectAccessible(page, 'a live profile', 'minor');
  // Beside the lines stands what they cost so far.
  await expect(page.locator('.cm-heat').first()).toBeVisible();

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

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
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
  const { context, page } = await openWith(
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
  await page.getByRole('button', { name: /^Results/ }).click();
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
  const { context, page } = await openWith(browser, 'wait_test.go', bench('2 * time.Millisecond'), {
    locale: 'zh-CN',
    colorScheme: 'dark',
  });
  const table = page.getByRole('region', { name: '基准测试' });
  const row = table.getByRole('row', { name: /BenchmarkWait sec\/op/ });
  await runFromMenu(page, /^基准测试/);
  await expect(row).toBeVisible(slow);
  await expect(table.locator('[data-measured="these"]')).toBeVisible(slow);
  await write(page, 'wait_test.go', bench('4 * time.Millisecond'));
  await runFromMenu(page, /^基准测试/);
  await expect(table.getByText(/的运行对比。$/)).toBeVisible(slow);
  await expect(row).toContainText(/\+\d+(\.\d)?%（p = 0\.\d+）/, slow);
  await expect(table.locator('[data-measured="these"]')).toBeVisible(slow);
  await expectAccessible(page, 'benchmarks that are compared', 'minor');

  // Who asks for it chooses among all runs of this exercise that they may see.
  await page.keyboard.press('ControlOrMeta+Shift+o');
  const dialog = page.getByRole('dialog', { name: '带选项运行' });
  await dialog.getByLabel('运行内容').selectOption('bench');
  // Other journeys measured in this workspace too.
  await expect
    .poll(() => dialog.getByLabel('对比对象').getByRole('option').count())
    .toBeGreaterThanOrEqual(4);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '删除 wait_test.go' }).click();
  await context.close();
});

/** Workers that wait for work on a channel, and a main goroutine that gives it out slowly. */
const workers = `package main

import (
	"context"
	"runtime/trace"
	"sync"
	"time"
)

func main() {
	work := make(chan int)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { worker(work) })
	}
	for n := range 40 {
		work <- n
		time.Sleep(5 * time.Millisecond)
	}
	close(work)
	all.Wait()
}

func worker(work <-chan int) {
	for range work {
		trace.WithRegion(context.Background(), "square", func() { time.Sleep(time.Millisecond) })
	}
}
`;

test('a trace is looked at by goroutine and processor, by keys, pointer and table', async ({ browser }) => {
  const { context, page } = await openWith(browser, 'main.go', workers);
  const asked: URL[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/trace/view')) asked.push(new URL(request.url()));
  });
  await page.keyboard.press('ControlOrMeta+Shift+o');
  const dialog = page.getByRole('dialog', { name: 'Run with options' });
  await dialog.getByLabel('Trace', { exact: true }).check();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('tab', { name: 'Trace', selected: true })).toBeVisible(slow);
  await expect(page.getByRole('link', { name: 'Download trace.out' })).toBeVisible(slow);
  const drawing = page.getByRole('application', { name: /^Execution trace/ });
  await expectAccessible(page, 'a trace', 'minor');

  // Down to the main goroutine, closer, and from span to span until it waits.
  await drawing.focus();
  await page.keyboard.press('ArrowDown');
  for (let times = 0; times < 6; times += 1) await page.keyboard.press('+');
  const sentence = page.getByText(/^G1 main: waiting for .* \(sleep\).* at main\.main, main\.go:18/);
  await expect(async () => {
    await page.keyboard.press('ArrowRight');
    await expect(sentence).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('o');
  await expect(page.locator('.cm-pointed')).toContainText('time.Sleep(5 * time.Millisecond)');

  // Less is asked for when less is in sight, and never more lanes than that.
  const last = asked.at(-1);
  const reach = Number(last?.searchParams.get('toMs')) - Number(last?.searchParams.get('fromMs'));
  const whole = Math.max(...asked.map(({ searchParams }) => Number(searchParams.get('toMs'))));
  expect(reach).toBeLessThan(whole / 2);

  await page.getByRole('button', { name: 'Table', exact: true }).click();
  const table = page.getByRole('region', { name: 'Execution trace' });
  await expect(table.getByRole('row', { name: /sleep.*main\.go:18/ }).first()).toBeVisible();
  await expect(table.getByRole('cell', { name: 'square' }).first()).toBeVisible();
  await table
    .getByRole('button', { name: /^G\d+ main\.go:14$/ })
    .first()
    .click();
  await expect(table.getByRole('row', { name: /chan receive.*main\.worker/ }).first()).toBeVisible();
  await expectAccessible(page, 'the table of a trace', 'minor');
  await page.getByRole('button', { name: 'Processors' }).click();
  await expect(table.getByRole('button', { name: /^P\d$/ }).first()).toBeVisible();

  // A wheel with Control zooms, a drag moves along.
  await page.getByRole('button', { name: 'Drawing' }).click();
  await page.getByRole('button', { name: 'All of it' }).click();
  const box = await drawing.boundingBox();
  if (box === null) throw new Error('the trace is not drawn');
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60);
  const before = asked.length;
  await page.keyboard.down('Control');
  for (let times = 0; times < 6; times += 1) await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await expect.poll(() => asked.length).toBeGreaterThan(before);
  await context.close();
});

test('the assembly of a function and its lines lead to each other', async ({ browser }) => {
  const { context, page } = await openWith(
    browser,
    'main.go',
    'package main\n\nfunc main() {\n\tprintln(sum([]int{1, 2, 3}))\n\tprintln(twice(4))\n}\n\n//go:noinline\nfunc sum(all []int) int {\n\ttotal := 0\n\tfor _, one := range all {\n\t\ttotal += one\n\t}\n\treturn total\n}\n\n//go:noinline\nfunc twice(n int) int {\n\treturn 2 * n\n}\n',
    { locale: 'zh-CN', colorScheme: 'dark' },
  );
  await runFromMenu(page, /^汇编/);
  await expect(page.getByRole('tab', { name: '汇编', selected: true })).toBeVisible(slow);
  const pane = page.getByRole('region', { name: '汇编' });
  const functions = page.getByRole('combobox', { name: '函数' });
  // From the line to its instructions: the function that has them is shown.
  await page.locator('.cm-line', { hasText: 'total += one' }).click();
  await expect(functions).toHaveValue('main.sum');
  await expect(pane.getByText(/^已标出 main\.go:12 的 \d+ 条指令。$/)).toBeVisible();
  await expect(pane.locator('[data-marked] code').first()).toContainText('ADD');
  await page.locator('.cm-line', { hasText: 'return 2 * n' }).click();
  await expect(functions).toHaveValue('main.twice');
  await expectAccessible(page, 'assembly', 'minor');
  // And back, by keyboard.
  await functions.selectOption('main.sum');
  await pane.getByRole('button', { name: 'main.go:14' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.cm-pointed')).toContainText('return total');
  await context.close();
});
