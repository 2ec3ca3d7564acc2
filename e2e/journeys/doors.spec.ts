import { expect, test } from '@playwright/test';
import { ask, enter, pair, personas, systemUrl } from '../support/people.ts';

type Me = { memberships: { cohortId: string; groupIds: string[] }[] };

test('each demo door leads to Today, and signing out leads back', async ({ page }) => {
  for (const { name } of await personas()) {
    await page.goto(systemUrl());
    await page
      .getByRole('button', { name: new RegExp(name) })
      .first()
      .click();
    await expect(page.getByRole('navigation', { name: 'Places' })).toBeVisible();
    await page.getByRole('button', { name: new RegExp(`Account of ${name}`) }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page.getByText('Enter the demo as')).toBeVisible();
  }
});

test('the language is switched on the spot and remembered', async ({ page }) => {
  await page.goto(systemUrl());
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test('what is not yours does not exist', async ({ browser }) => {
  const learners = (await personas()).filter(({ role }) => role === 'learner');
  const [mine] = await pair();
  const other = learners.find(({ groupName }) => groupName !== mine.groupName);
  if (other === undefined) throw new Error('the demo has one group only');
  const [ada, chen] = await Promise.all([enter(browser, mine), enter(browser, other)]);
  const groupId = (await ask<Me>(ada.context, 'GET', '/me')).memberships[0]?.groupIds[0];
  const catalog = await ask<{ chapters: { lessons: { exerciseId: string }[] }[] }>(
    ada.context,
    'GET',
    '/catalog',
  );
  const exerciseId = catalog.chapters[0]?.lessons[0]?.exerciseId;
  const workspace = await ask<{ id: string }>(ada.context, 'POST', '/workspaces', { groupId, exerciseId });
  const refused = await chen.context.request.get(`/api/workspaces/${workspace.id}`);
  expect(refused.status()).toBe(404);
  await chen.page.goto(`/workspaces/${workspace.id}`);
  await expect(
    chen.page.getByRole('heading', { name: 'This is not here, or not open to you' }),
  ).toBeVisible();
  const signedOut = await fetch(`${systemUrl()}/api/me`);
  expect(signedOut.status).toBe(401);
  await Promise.all([ada.context.close(), chen.context.close()]);
});

test('a phone shows one pane at a time without scrolling sideways', async ({ browser }) => {
  const [mine] = await pair();
  const ada = await enter(browser, mine, { viewport: { width: 390, height: 844 } });
  await ada.page.goto('/');
  await expect(ada.page.getByRole('heading', { level: 1 })).toBeAttached();
  const wider = await ada.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wider).toBeLessThanOrEqual(0);
  await ada.context.close();
});
