import { expect, test } from '@playwright/test';
import { ask, enter, pair, persona, systemUrl } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

type Me = { memberships: { cohortId: string }[] };

test('a failed check is told in the language of the page, and leads to no hidden file', async ({
  browser,
}) => {
  const [who] = await otherPair();
  const { context, page } = await enter(browser, who, { locale: 'zh-CN' });
  await ready(page, `/workspaces/${await workspaceOf(context, '1.1')}`);
  await expect(page.getByRole('tab', { name: 'greet.go', selected: true })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  await expect(page.getByText(/^\d+ 项测试中有 \d+ 项未通过。$/)).toBeVisible({ timeout: 60_000 });
  const tests = page.getByRole('region', { name: '测试' });
  await expect(tests.getByText(/_test\.go:\d+/).first()).toBeVisible();
  await expect(tests.getByRole('button', { name: /_test\.go/ })).toHaveCount(0);
  await context.close();
});

test('a profile warms the lines of the open file', async ({ browser }) => {
  const [who] = await otherPair();
  const { context, page } = await enter(browser, who);
  await ready(page, `/workspaces/${await workspaceOf(context, '2.1')}`);
  await page.keyboard.press('ControlOrMeta+Alt+Enter');
  await expect(page.locator('.cm-heat').first()).toHaveText(/^(<1|\d+)%$/, { timeout: 60_000 });
  await context.close();
});

test('a menu gives the focus back to its button, and search comes with its key', async ({ browser }) => {
  const [who] = await otherPair();
  const { context, page } = await enter(browser, who);
  await ready(page, `/workspaces/${await workspaceOf(context, '2.2')}`);
  const more = page.getByRole('button', { name: 'Choose what to run' });
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: /^Check/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(more).toBeFocused();
  await page.locator('.cm-content').focus();
  await page.keyboard.press('ControlOrMeta+f');
  await expect(page.getByRole('textbox', { name: 'Find' })).toBeFocused();
  await context.close();
});

test('everybody in a room has a colour of their own', async ({ browser }) => {
  const [first, second] = await otherPair();
  const people = await Promise.all(
    [first, second, await persona('mentor'), await persona('instructor')].map((who) => enter(browser, who)),
  );
  const [own] = people;
  if (own === undefined) throw new Error('nobody came');
  const path = `/workspaces/${await workspaceOf(own.context, '1.1')}`;
  for (const { page } of people) await ready(page, path);
  const faces = own.page.getByRole('button', { name: /4 people/ });
  await expect(faces).toBeVisible();
  const colours = await faces
    .getByRole('img')
    .evaluateAll((all) => all.map((face) => getComputedStyle(face).backgroundColor));
  expect(new Set(colours).size).toBe(4);
  for (const { context } of people) await context.close();
});

test('a mentor sees every group and enters the room that one has', async ({ browser }) => {
  const { context, page } = await enter(browser, await persona('mentor'));
  const me = await ask<Me>(context, 'GET', '/me');
  const cohort = await ask<{ classSessions: { id: string }[] }>(
    context,
    'GET',
    `/cohorts/${me.memberships[0]?.cohortId}`,
  );
  await page.goto(`/class/${cohort.classSessions[0]?.id}`);
  await expect(page.getByRole('article')).toHaveCount(2);
  await page.getByRole('button', { name: 'Open room' }).first().click();
  await page.waitForURL(/\/workspaces\//);
  await expect(page.getByText(/only the group and the instructor may run this/)).toBeVisible();
  await context.close();
});

test('who signs in comes back to the page that wanted it', async ({ page }) => {
  await page.goto(`${systemUrl()}/cohorts`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  const [who] = await pair();
  await page.getByRole('button', { name: new RegExp(who.name) }).click();
  await page.waitForURL(/\/cohorts$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Cohorts' })).toBeVisible();
});
