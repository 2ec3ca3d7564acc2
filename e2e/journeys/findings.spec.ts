import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { runFromMenu, write } from '../support/code.ts';
import { openWith } from '../support/open.ts';
import { enter } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

/** What is prepared once for each machine, such as the race detector, takes its time. */
const slow = { timeout: 90_000 };

const deadlock = `package main

import "sync"

func main() {
	var mu sync.Mutex
	wait := make(chan int)
	for range 3 {
		go func() { <-wait }()
	}
	lockTwice(&mu)
}

func lockTwice(mu *sync.Mutex) {
	mu.Lock()
	mu.Lock()
}
`;

const race = `package main

func main() {
	n := 0
	done := make(chan bool)
	go func() {
		n++
		done <- true
	}()
	n++
	<-done
}
`;

test('a crash is taken apart, and its calls lead to their lines by keyboard', async ({ browser }) => {
  const { context, page } = await openWith(browser, 'main.go', deadlock);
  await runFromMenu(page, /^Run Compile/);
  await page.getByRole('button', { name: 'See 4 goroutines' }).click(slow);
  const pane = page.getByRole('region', { name: 'Goroutines at the crash' });
  await expect(pane.getByText('all goroutines are asleep - deadlock!')).toBeVisible();
  await expect(pane.getByText('3 goroutines at the same place')).toBeVisible();
  const inner = pane.getByRole('button', { name: 'main.go:16' });
  await inner.focus();
  await page.keyboard.press('ArrowDown');
  await expect(pane.getByRole('button', { name: 'main.go:11' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.cm-pointed')).toContainText('lockTwice(&mu)');
  await expect(page).toHaveURL(/file=main\.go&line=11/);
  await pane.getByLabel('Only our code').check();
  await expect(pane.getByText(/calls of Go itself are hidden/).first()).toBeVisible();
  await expectAccessible(page, 'a crash', 'minor');
  await context.close();
});

test('a data race stands with both accesses beside each other', async ({ browser }) => {
  const { context, page } = await openWith(browser, 'main.go', race, {
    locale: 'zh-CN',
    colorScheme: 'dark',
  });
  await runFromMenu(page, /^竞态检查/);
  await expect(page.getByRole('tab', { name: /^竞态/, selected: true })).toBeVisible(slow);
  const report = page.getByRole('article').filter({ hasText: '竞态 1' });
  await expect(report.getByRole('button', { name: 'main.go:7' })).toBeVisible();
  await expect(report.getByRole('button', { name: 'main.go:10' })).toBeVisible();
  await expect(report.getByText('该 goroutine 启动于')).toBeVisible();
  await expectAccessible(page, 'a race', 'minor');
  await context.close();
});

test('what vet and the compiler say stands beside the lines', async ({ browser }) => {
  const { context, page } = await openWith(
    browser,
    'main.go',
    'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Printf("%d\\n", "x")\n\tfmt.Println(at([]int{1}, 0))\n}\n\nfunc at(s []int, i int) int { return s[i] }\n',
  );
  await runFromMenu(page, /^Vet/);
  await expect(page.locator('[data-verdict]')).toContainText('Vet found 1 problem.', slow);
  await expect(page.locator('.cm-lint-marker-warning')).toHaveCount(1);

  await runFromMenu(page, /^Format check/);
  await expect(page.locator('[data-verdict]')).toContainText('Every file is formatted.', slow);

  await runFromMenu(page, /^Compiler remarks/);
  await expect(page.getByRole('tab', { name: 'Compiler', selected: true })).toBeVisible();
  const line = page.locator('.cm-remark').filter({ hasText: 'H' });
  await expect(line.first()).toBeVisible(slow);
  await page.getByRole('button', { name: /^Bounds checks/ }).click();
  await expect(page).toHaveURL(/remarks=bounds/);
  await expect(page.locator('.cm-remark').filter({ hasText: 'B' }).first()).toBeVisible();
  await expect(line).toHaveCount(0);
  await page
    .getByRole('region', { name: 'What the compiler decided' })
    .getByRole('button', { name: /main\.go/ })
    .first()
    .click();
  await page.getByRole('textbox', { name: /main\.go/ }).focus();
  await page.keyboard.press('ControlOrMeta+\\');
  await expect(page.locator('.cm-remarks')).toContainText('bounds are checked');
  await expectAccessible(page, 'what the compiler decided', 'minor');
  await page.keyboard.press('Escape');
  await expect(page.locator('.cm-remarks')).toHaveCount(0);
  await context.close();
});

test('one test is run from its line, and one subtest from the tree', async ({ browser }) => {
  const { context, page } = await openWith(
    browser,
    'own_test.go',
    'package main\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n\nfunc TestTwo(t *testing.T) {\n\tt.Run("x", func(*testing.T) {})\n\tt.Run("y", func(t *testing.T) { t.Error("no") })\n}\n',
  );
  await page.locator('.cm-test-mark').nth(1).click();
  const tests = page.getByRole('region', { name: 'Tests' });
  await expect(tests.getByText('1 of 1 tests did not pass.')).toBeVisible(slow);
  await expect(tests.getByText('TestOne')).toHaveCount(0);
  await tests.getByRole('button', { name: 'Run TestTwo/x' }).click();
  await expect(tests.locator('[data-verdict]')).toContainText('Passed in', slow);
  await expect(tests.getByText('y', { exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete own_test.go' }).click();
  await context.close();
});

test('what the tests ran stands beside its lines, until they are others', async ({ browser }) => {
  const { context, page } = await openWith(
    browser,
    'own_test.go',
    'package main\n\nimport "testing"\n\nfunc TestAbs(t *testing.T) {\n\tif abs(1) != 1 {\n\t\tt.Fatal()\n\t}\n}\n',
  );
  await write(
    page,
    'abs.go',
    'package main\n\nfunc abs(n int) int {\n\tif n < 0 {\n\t\treturn -n\n\t}\n\treturn n\n}\n',
  );
  await runFromMenu(page, /^Coverage/);
  const pane = page.getByRole('region', { name: 'Coverage' });
  await expect(pane.getByRole('row', { name: /^abs\.go 66\.7% 2 of 3 Line 5/ })).toBeVisible(slow);
  const missed = page.locator('.cm-covers-uncovered');
  await expect(missed).toHaveText('0');
  await expect(page.locator('.cm-covers-covered')).toHaveText(['1', '1']);
  await expectAccessible(page, 'coverage', 'minor');
  await pane.getByRole('button', { name: 'Line 5' }).click();
  await expect(page.locator('.cm-pointed')).toContainText('return -n');

  // A line above moves the marks, and one that is changed has none.
  await page.locator('.cm-line', { hasText: 'func abs' }).click();
  await page.keyboard.press('Home');
  await page.keyboard.insertText('// moved\n');
  await expect(missed).toHaveText('0');
  await page.locator('.cm-line', { hasText: 'return -n' }).click();
  await page.keyboard.press('End');
  await page.keyboard.insertText(' // changed');
  await expect(missed).toHaveCount(0);
  await expect(page.locator('.cm-covers-covered')).toHaveCount(2);
  // Whoever comes back finds the lines that are still what ran.
  await page.getByRole('tab', { name: /^own_test\.go/ }).click();
  await page.getByRole('tab', { name: /^abs\.go/ }).click();
  await expect(page.locator('.cm-covers-covered')).toHaveCount(2);
  await expect(missed).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete abs.go' }).click();
  await page.getByRole('tab', { name: /^own_test\.go/ }).click();
  await page.getByRole('button', { name: 'Delete own_test.go' }).click();
  await context.close();
});

test('a program is built for other systems, one row each', async ({ browser }) => {
  const { context, page } = await openWith(
    browser,
    'main.go',
    'package main\n\nfunc main() { println("here") }\n',
  );
  await page.keyboard.press('ControlOrMeta+Shift+o');
  const dialog = page.getByRole('dialog', { name: 'Run with options' });
  await dialog.getByLabel('What').selectOption({ label: 'Build for other systems' });
  for (const target of ['linux/arm64', 'darwin/arm64', 'windows/amd64'])
    await dialog.getByLabel(target).uncheck();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog.getByText('Choose at least one system.')).toBeVisible();
  await dialog.getByLabel('linux/amd64').check();
  await dialog.getByLabel('wasip1/wasm').check();
  await dialog.getByRole('button', { name: 'Start' }).click();
  const pane = page.getByRole('region', { name: 'Builds for other systems' });
  await expect(pane.getByRole('row', { name: /^linux\/amd64 [\d.]+ MiB ELF static/ })).toBeVisible(slow);
  await expect(pane.getByRole('row', { name: /^wasip1\/wasm [\d.]+ MiB wasm/ })).toBeVisible(slow);
  await expectAccessible(page, 'builds for other systems', 'minor');
  await context.close();
});

test('an input that fuzzing found is added to the workspace by whoever wants it', async ({ browser }) => {
  const { context, page } = await openWith(
    browser,
    'own_test.go',
    'package main\n\nimport "testing"\n\nfunc FuzzShort(f *testing.F) {\n\tf.Add("a")\n\tf.Fuzz(func(t *testing.T, s string) {\n\t\tif len(s) > 3 {\n\t\t\tt.Fatal(s)\n\t\t}\n\t})\n}\n',
  );
  await page.keyboard.press('ControlOrMeta+Shift+o');
  const dialog = page.getByRole('dialog', { name: 'Run with options' });
  await dialog.getByLabel('What').selectOption({ label: 'Fuzz a target' });
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog.getByText('A name such as FuzzParse.')).toBeVisible();
  await dialog.getByLabel('Fuzz target').fill('FuzzShort');
  await dialog.getByRole('button', { name: 'Start' }).click();
  const pane = page.getByRole('region', { name: 'Fuzzing' });
  await expect(pane.getByText('FuzzShort fails with this input')).toBeVisible(slow);
  await expect(pane.getByText('go test fuzz v1')).toBeVisible();
  await expectAccessible(page, 'fuzzing', 'minor');
  await pane.getByRole('button', { name: 'Add to testdata' }).click();
  await expect(pane.getByText(/^It is in the workspace/)).toBeVisible();
  await pane.getByRole('button', { name: 'Open it' }).click();
  await expect(page.locator('.cm-line').first()).toContainText('go test fuzz v1');
  await page.getByRole('button', { name: /^Delete testdata/ }).click();
  await page.getByRole('tab', { name: /^own_test\.go/ }).click();
  await page.getByRole('button', { name: 'Delete own_test.go' }).click();
  await context.close();
});

test('formatting moves no caret, is undone as one edit, and says why it cannot', async ({ browser }) => {
  const [first, second] = await otherPair();
  const one = await enter(browser, first);
  const two = await enter(browser, second);
  const path = `/workspaces/${await workspaceOf(one.context, '1.1')}`;
  await ready(one.page, path);
  await write(one.page, 'main.go', 'package main\nfunc  main( ) {\nprintln( "here" )\n}\n');
  await ready(two.page, path);
  await two.page.getByRole('tab', { name: 'main.go' }).click();
  const theirs = two.page.locator('.cm-line', { hasText: 'here' });
  await theirs.click();
  await two.page.keyboard.press('End');
  await one.page.keyboard.press('ControlOrMeta+s');
  const lines = one.page.locator('.cm-line');
  // The other one's name stands beside their caret, in the same line.
  await expect(lines.nth(3)).toContainText('\tprintln("here")');
  await expect(theirs).toContainText('\tprintln("here")');
  await two.page.keyboard.insertText(' // still at the end');
  await expect(lines.nth(3)).toContainText('\tprintln("here") // still at the end');
  await one.page.keyboard.press('ControlOrMeta+z');
  await expect(lines.nth(2)).toContainText('println( "here" ) // still at the end');

  // The answer comes when another file is in front: that one is formatted when it is asked for, and by one edit.
  await write(one.page, 'other.go', 'package main\nvar  other int\n');
  await one.page.getByRole('tab', { name: /^main\.go/ }).click();
  await expect(lines.nth(2)).toContainText('println( "here" )');
  const answer = Promise.withResolvers<void>();
  await one.page.route('**/format', async (route) => {
    await answer.promise;
    await route.continue();
  });
  const answered = one.page.waitForResponse('**/format');
  await lines.first().click();
  await one.page.keyboard.press('ControlOrMeta+s');
  await one.page.getByRole('tab', { name: /^other\.go/ }).click();
  answer.resolve();
  await answered;
  await expect(lines.nth(1)).toHaveText('var  other int');
  await lines.first().click();
  await expect(async () => {
    await one.page.keyboard.press('ControlOrMeta+s');
    await expect(lines.nth(2)).toHaveText('var other int', { timeout: 1_000 });
  }).toPass();
  await one.page.keyboard.press('ControlOrMeta+z');
  await expect(lines.nth(1)).toHaveText('var  other int');
  await one.page.getByRole('button', { name: 'Delete other.go' }).click();

  await write(one.page, 'main.go', 'package main\n\nfunc {\n');
  await one.page.keyboard.press('ControlOrMeta+s');
  await expect(one.page.getByText(/^Not formatted: line 3 cannot be read/)).toBeVisible();
  await one.context.close();
  await two.context.close();
});

test('a run is given its arguments, input and environment', async ({ browser }) => {
  const { context, page } = await openWith(
    browser,
    'main.go',
    'package main\n\nimport (\n\t"fmt"\n\t"io"\n\t"os"\n)\n\nfunc main() {\n\tin, _ := io.ReadAll(os.Stdin)\n\tfmt.Println(os.Args[1:], os.Getenv("GOGC"), string(in))\n}\n',
    { locale: 'zh-CN' },
  );
  await page.keyboard.press('ControlOrMeta+Shift+o');
  const dialog = page.getByRole('dialog', { name: '带选项运行' });
  await expect(dialog.getByRole('combobox').first()).toBeFocused();
  await dialog.getByLabel('参数', { exact: true }).fill('"a b" c');
  await dialog.getByLabel('GOGC').fill('many');
  await dialog.getByRole('button', { name: '开始' }).click();
  await expect(dialog.getByText('整数，或 off。')).toBeVisible();
  await expectAccessible(page, 'options', 'minor');
  await dialog.getByLabel('GOGC').fill('50');
  await dialog.getByLabel('现在给出全部输入').check();
  await dialog.getByRole('textbox', { name: '输入', exact: true }).fill('all of it');
  await dialog.getByRole('button', { name: '开始' }).click();
  await expect(page.getByText('[a b c] 50 all of it')).toBeVisible(slow);
  await context.close();
});

test('the runtime is watched while a program runs, and benchmarks come with their interval', async ({
  browser,
}) => {
  const { context, page } = await openWith(
    browser,
    'main.go',
    // A line that only the go command understands, in a program that no run before has built.
    `// ${crypto.randomUUID()}\n//go:debug http2client=0\npackage main\n\nimport "time"\n\nvar keep [][]byte\n\nfunc main() {\n\tfor range 40 {\n\t\tkeep = append(keep, make([]byte, 1<<20))\n\t\ttime.Sleep(25 * time.Millisecond)\n\t}\n}\n`,
  );
  await page.keyboard.press('ControlOrMeta+Shift+o');
  const dialog = page.getByRole('dialog', { name: 'Run with options' });
  await dialog.getByLabel('Runtime metrics').check();
  await dialog.getByLabel('Garbage collector (gctrace)').check();
  await dialog.getByLabel('Scheduler (schedtrace)').check();
  await dialog.getByLabel('Initialisation (inittrace)').check();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('tab', { name: 'Runtime', selected: true })).toBeVisible(slow);
  const pane = page.getByRole('region', { name: 'Runtime metrics' });
  await expect(pane.getByRole('img', { name: /^Goroutines: now \d+/ })).toBeVisible();
  await expect(pane.getByRole('columnheader', { name: 'Pauses' })).toBeVisible(slow);
  await pane.getByText('As a table').click();
  await expect(pane.getByRole('columnheader', { name: 'Live heap' })).toBeVisible();
  // What the scheduler held, moment by moment: a queue for each processor.
  const moments = pane.getByRole('table', { name: /moments of the scheduler$/ });
  const moment = moments.getByRole('row', { name: /^[\d,]+ ms( \d+){6} \d+( · \d+)*$/ });
  await expect(moment.nth(1)).toBeVisible(slow);
  await expect(pane.getByRole('img', { name: /^Busy processors: now \d+/ })).toBeVisible();
  const starting = pane.getByRole('table', {
    name: /^\d+ packages initialised in .* ms, the slowest first$/,
  });
  await expect(
    starting.getByRole('row', { name: /^time [\d.]+ ms [\d.]+ ms [\d.]+ (K|M)?i?B \d+$/ }),
  ).toBeVisible();
  await expect(page.getByText('go command, for: a //go:debug line')).toBeVisible();
  await expectAccessible(page, 'runtime metrics', 'minor');

  await write(
    page,
    'pace_test.go',
    'package main\n\nimport "testing"\n\nfunc BenchmarkAppend(b *testing.B) {\n\tfor b.Loop() {\n\t\tvar s []int\n\t\tfor i := range 100 {\n\t\t\ts = append(s, i)\n\t\t}\n\t\t_ = s\n\t}\n}\n',
  );
  await runFromMenu(page, /^Benchmark/);
  const table = page.getByRole('region', { name: 'Benchmarks' });
  await expect(table.getByRole('row', { name: /BenchmarkAppend sec\/op/ })).toContainText(/\(9\d/, slow);
  await expectAccessible(page, 'benchmarks', 'minor');
  await page.getByRole('button', { name: 'Delete pace_test.go' }).click();
  await context.close();
});
