import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { ask, enter, persona } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

test('a navigator points at a line, which stays the line while the driver types', async ({ browser }) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first, { colorScheme: 'light' });
  const b = await enter(browser, second);
  const id = await workspaceOf(a.context, '2.2');
  await ready(a.page, `/workspaces/${id}`);
  await ready(b.page, `/workspaces/${id}`);
  await ask(a.context, 'POST', `/workspaces/${id}/room/commands`, { type: 'drive' });
  await expect(b.page.locator('.cm-content')).toHaveAttribute('aria-readonly', 'true');

  await b.page.locator('.cm-lineNumbers .cm-gutterElement', { hasText: /^3$/ }).click();
  const glowing = a.page.locator('.cm-person-point');
  await expect(glowing).toHaveCount(1);
  await expect(a.page.locator('.cm-person-pointer')).toHaveText(`◂ ${second.name}`);
  await expect(a.page.locator('#ln-announcements')).toContainText(`${second.name} points at`);
  const line = await glowing.innerText();
  await expectAccessible(a.page, 'somebody points');

  await a.page.locator('.cm-content').click();
  await a.page.keyboard.press('ControlOrMeta+Home');
  await a.page.keyboard.type('// one line more\n');
  await expect(b.page.locator('.cm-content')).toContainText('// one line more');
  expect(await glowing.innerText()).toBe(line);
  expect(await b.page.locator('.cm-person-point').innerText()).toBe(line);

  // Pressed again it is over, and by the keyboard it goes too.
  await b.page.locator('.cm-lineNumbers .cm-gutterElement', { hasText: /^4$/ }).click();
  await expect(glowing).toHaveCount(0);
  await b.page.locator('.cm-content').focus();
  await b.page.keyboard.press('ControlOrMeta+;');
  await expect(glowing).toHaveCount(1);

  // In another file it is offered, and nobody is pulled there.
  await a.page.getByRole('tab', { name: 'go.mod' }).click();
  await b.page.keyboard.press('ControlOrMeta+;');
  await b.page.keyboard.press('ControlOrMeta+;');
  await expect(a.page.getByRole('tab', { name: 'go.mod', selected: true })).toBeVisible();
  await a.page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(a.page.getByRole('tab', { name: 'go.mod', selected: true })).toHaveCount(0);
  await expect(glowing).toHaveCount(1);
  const lead = await enter(browser, await persona('instructor'));
  await ask(lead.context, 'POST', `/workspaces/${id}/room/commands`, { type: 'free' });
  for (const { context } of [a, b, lead]) await context.close();
});
