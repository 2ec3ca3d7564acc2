import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { write } from '../support/code.ts';
import { openTemplate } from '../support/open.ts';
import { enter } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

const saved = (page: Page) => expect(page.getByText('Saved', { exact: true })).toBeVisible();
const history = (page: Page) => page.getByRole('region', { name: 'History' });

async function typeAtTop(page: Page, what: string): Promise<void> {
  await page.locator('.cm-content').first().click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type(what);
  await saved(page);
}

test('the text of before is found, compared, played, restored and undone', async ({ browser }) => {
  const { second, a, b } = await openTemplate(browser);
  await typeAtTop(a.page, '// by the first\n');
  await typeAtTop(b.page, '// by the second\n');
  await a.page.getByRole('button', { name: 'History', exact: true }).click();
  const slider = a.page.getByRole('slider', { name: 'Moment' });
  await expect(slider).toBeVisible();
  const past = history(a.page).locator('.cm-content');
  await expect(past).toContainText('// by the second');
  await expect(slider).toHaveAttribute('aria-valuetext', new RegExp(second.name));
  await expectAccessible(a.page, 'the history');

  // Backwards, edit by edit, to where the second had not begun.
  await slider.focus();
  for (let n = 0; n < '// by the second\n'.length; n++) await a.page.keyboard.press('ArrowLeft');
  await expect(past).not.toContainText('// by the second');
  await expect(past).toContainText('// by the first');
  await expect(a.page).toHaveURL(/moment=\d+\.\d+/);

  // What differs between this moment and the last one.
  await a.page.getByRole('button', { name: 'Changes', exact: true }).click();
  await a.page.getByRole('button', { name: 'Compare from here' }).click();
  await slider.focus();
  await a.page.keyboard.press('End');
  const changes = a.page.getByLabel('Changes between two moments');
  await expect(changes).toContainText('+// by the second');
  await expect(changes).not.toContainText('+// by the first');
  await expectAccessible(a.page, 'changes between two moments');

  // Who wrote how much.
  await a.page.getByRole('button', { name: 'People', exact: true }).click();
  const row = a.page.getByRole('row', { name: new RegExp(second.name) });
  await expect(row).toContainText(String('// by the second\n'.length));
  await a.page.getByRole('button', { name: 'Text', exact: true }).click();

  // From the beginning on, as it was typed.
  await slider.focus();
  await a.page.keyboard.press('Home');
  await expect(past).not.toContainText('// by the first');
  await a.page.getByRole('button', { name: '64×' }).click();
  await a.page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(past).toContainText('// by the second', { timeout: 30_000 });
  await expect(a.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();

  // Restored for both, as one edit that can be undone.
  for (let n = 0; n < '// by the second\n'.length; n++) {
    await slider.focus();
    await a.page.keyboard.press('ArrowLeft');
  }
  await a.page.getByRole('button', { name: 'Restore this text' }).click();
  await expect(history(a.page)).toHaveCount(0);
  const codeB = b.page.locator('.cm-content');
  await expect(codeB).not.toContainText('// by the second');
  await expect(codeB).toContainText('// by the first');
  await expect(a.page.locator('#main').getByText(/^The text of .* is back\.$/)).toBeVisible();
  await a.page.getByRole('button', { name: 'Undo' }).click();
  await expect(codeB).toContainText('// by the second');
  for (const { context } of [a, b]) await context.close();
});

test('a branch begins with the text of a moment', async ({ browser }) => {
  const [first] = await otherPair();
  const a = await enter(browser, first);
  const id = await workspaceOf(a.context, '1.1');
  await ready(a.page, `/workspaces/${id}`);
  await write(a.page, 'branch.go', 'package main\n\n// kept\n');
  await saved(a.page);
  await a.page.keyboard.type('// not in the branch\n');
  await saved(a.page);
  await a.page.keyboard.press('Escape');
  await a.page.getByRole('button', { name: 'History', exact: true }).click();
  const slider = a.page.getByRole('slider', { name: 'Moment' });
  await slider.focus();
  for (let n = 0; n < '// not in the branch\n'.length; n++) await a.page.keyboard.press('ArrowLeft');
  await a.page.getByRole('button', { name: 'Branch from here' }).click();
  await a.page.waitForURL((url) => url.pathname.startsWith('/workspaces/') && !url.pathname.includes(id));
  await a.page.getByRole('tab', { name: /^branch\.go/ }).click();
  const code = a.page.locator('.cm-content');
  await expect(code).toContainText('// kept');
  await expect(code).not.toContainText('// not in the branch');
  await a.context.close();
});

test('who wrote each line stands beside it, and is told by the keyboard', async ({ browser }) => {
  const { first, second, a, b } = await openTemplate(browser);
  await typeAtTop(a.page, '// by the first\n');
  await typeAtTop(b.page, '// by the second\n');
  const button = a.page.getByRole('button', { name: 'Who wrote each line' });
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  const told = (name: string) => a.page.locator(`.cm-blame-gutter [title^="${name}"]`);
  await expect(told(second.name).first()).toBeVisible();
  await expect(told(first.name).first()).toBeVisible();
  await expectAccessible(a.page, 'who wrote each line');
  // What is typed now is told when it is saved.
  const before = await told(second.name).count();
  await typeAtTop(b.page, '// one more\n\n\n');
  await expect.poll(() => told(second.name).count()).toBeGreaterThan(before);
  await a.page.locator('.cm-content').focus();
  await a.page.keyboard.press('ControlOrMeta+Home');
  await a.page.keyboard.press('ControlOrMeta+k');
  await expect(a.page.getByRole('combobox', { name: 'Search actions' })).toBeFocused();
  await a.page.keyboard.type('Who wrote this line');
  await a.page.keyboard.press('Enter');
  await expect(a.page.locator('#ln-announcements')).toContainText(second.name);
  await button.click();
  await expect(a.page.locator('.cm-blame')).toHaveCount(0);
  for (const { context } of [a, b]) await context.close();
});
