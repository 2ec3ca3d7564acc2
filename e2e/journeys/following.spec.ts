import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { ask, enter, persona, systemUrl } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

const code = (page: Page) => page.locator('.cm-content');
const openPeople = (page: Page) => page.getByRole('button', { name: /people in this workspace/ }).click();

test('following goes across files, pauses when one acts, and comes back with one key', async ({
  browser,
}) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first);
  const b = await enter(browser, second, { colorScheme: 'light' });
  const id = await workspaceOf(a.context, '2.2');
  await ready(a.page, `/workspaces/${id}`);
  await ready(b.page, `/workspaces/${id}`);
  await code(a.page).click();

  await openPeople(b.page);
  await b.page.getByRole('button', { name: `Follow ${first.name}` }).click();
  await expectAccessible(b.page, 'people of a room');
  await b.page.keyboard.press('Escape');
  await expect(b.page.getByText(`Following ${first.name}`)).toBeVisible();

  await a.page.getByRole('tab', { name: 'go.mod' }).click();
  await expect(b.page.getByRole('tab', { name: 'go.mod', selected: true })).toBeVisible();

  // One's own move pauses; what the other does is then their own.
  await code(b.page).click();
  await expect(b.page.getByRole('button', { name: `Return to ${first.name}` })).toBeVisible();
  await a.page.getByRole('tab', { name: 'main.go' }).click();
  await expect(a.page.getByRole('tab', { name: 'main.go', selected: true })).toBeVisible();
  await expect(b.page.getByRole('tab', { name: 'go.mod', selected: true })).toBeVisible();
  await b.page.keyboard.press("ControlOrMeta+'");
  await expect(b.page.getByRole('tab', { name: 'main.go', selected: true })).toBeVisible();

  // The lines that the other sees, wherever their caret is.
  await code(a.page).click();
  await a.page.keyboard.press('ControlOrMeta+End');
  await a.page.keyboard.type('\n'.repeat(90));
  await a.page.keyboard.press('ControlOrMeta+Home');
  const far = b.page.locator('.cm-lineNumbers .cm-gutterElement:visible', { hasText: /^1\d\d$/ });
  await expect(far).toHaveCount(0);
  await a.page.mouse.move(900, 400);
  await a.page.mouse.wheel(0, 5_000);
  await expect(far.first()).toBeVisible();
  await ask(a.context, 'POST', `/workspaces/${id}/reset`, {});
  for (const { context } of [a, b]) await context.close();
});

test('whoever one follows takes one along to whom they follow; a lead calls everybody', async ({
  browser,
}) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first);
  const b = await enter(browser, second);
  const lead = await enter(browser, await persona('instructor'));
  const id = await workspaceOf(a.context, '2.2');
  for (const { page } of [a, b, lead]) await ready(page, `/workspaces/${id}`);
  await openPeople(lead.page);
  await lead.page.getByRole('button', { name: `Follow ${first.name}` }).click();
  await lead.page.getByRole('button', { name: 'All eyes here' }).click();
  const leadName = (await persona('instructor')).name;
  await expect(b.page.getByText(`Following ${leadName}`)).toBeVisible();
  await expect(a.page.getByText(`Following ${leadName}`)).toBeVisible();

  // The one who is followed is where they are, however the circle goes.
  await code(a.page).click();
  await a.page.getByRole('tab', { name: 'go.mod' }).click();
  await expect(lead.page.getByRole('tab', { name: 'go.mod', selected: true })).toBeVisible();
  await expect(b.page.getByRole('tab', { name: 'go.mod', selected: true })).toBeVisible();
  await b.page.getByRole('button', { name: 'Stop following' }).click();
  await expect(b.page.getByText(`Following ${leadName}`)).toHaveCount(0);
  for (const { context } of [a, b, lead]) await context.close();
});

test('others’ cursors can be hidden, and stay so', async ({ browser }) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first);
  const b = await enter(browser, second);
  const id = await workspaceOf(a.context, '2.2');
  await ready(a.page, `/workspaces/${id}`);
  await ready(b.page, `/workspaces/${id}`);
  await code(b.page).click();
  await expect(a.page.locator('.cm-remote-caret')).toHaveCount(1);
  await openPeople(a.page);
  await a.page.getByRole('checkbox', { name: /Show others/ }).uncheck();
  await expect(a.page.locator('.cm-remote-caret')).toHaveCount(0);
  await a.page.goto(`${systemUrl()}/workspaces/${id}`);
  await expect(code(a.page)).toBeVisible();
  await expect(a.page.getByRole('button', { name: /2 people/ })).toBeVisible();
  await expect(a.page.locator('.cm-remote-caret')).toHaveCount(0);
  for (const { context } of [a, b]) await context.close();
});
