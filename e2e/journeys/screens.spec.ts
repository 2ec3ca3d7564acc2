import { expect, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { ask, enter, pair, persona, systemUrl } from '../support/people.ts';

type Me = { memberships: { cohortId: string; groupIds: string[] }[] };
type Cohort = { id: string; classSessions: { id: string; lessonIds: string[] }[] };
type Lesson = { exercise: { id: string } };

for (const locale of ['en-GB', 'zh-CN'] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every screen in ${locale}, ${colorScheme}`, async ({ browser }) => {
      const look = { locale, colorScheme };
      const context = await browser.newContext({ baseURL: systemUrl(), ...look });
      const welcome = await context.newPage();
      await welcome.goto('/');
      await expect(welcome.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(welcome.locator('html')).toHaveAttribute('lang', locale === 'zh-CN' ? 'zh-CN' : 'en');
      await expectAccessible(welcome, 'welcome');
      for (const address of ['/nowhere', '/cohorts', '/join#not-an-invitation', '/setup#not-a-token']) {
        await welcome.goto(address);
        await expect(welcome.getByRole('heading', { level: 1 })).toHaveCount(1);
        await expectAccessible(welcome, `signed out ${address}`);
      }
      await context.close();

      const lead = await enter(browser, await persona('instructor'), look);
      const me = await ask<Me>(lead.context, 'GET', '/me');
      const cohort = await ask<Cohort>(lead.context, 'GET', `/cohorts/${me.memberships[0]?.cohortId}`);
      const session = cohort.classSessions[0];
      for (const address of ['/', '/cohorts', `/cohorts/${cohort.id}`, `/class/${session?.id}`]) {
        await lead.page.goto(address);
        await expect(lead.page.getByRole('heading', { level: 1 })).toHaveCount(1);
        await lead.page.waitForLoadState('networkidle');
        await expectAccessible(lead.page, `instructor ${address}`);
      }
      await lead.context.close();

      for (const [role, address] of [
        ['mentor', `/class/${session?.id}`],
        ['owner', '/cohorts/new'],
        ['operator', '/'],
      ] as const) {
        const other = await enter(browser, await persona(role), look);
        await other.page.goto(address);
        await expect(other.page.getByRole('heading', { level: 1 })).toHaveCount(1);
        await other.page.waitForLoadState('networkidle');
        await expectAccessible(other.page, `${role} ${address}`);
        await other.context.close();
      }

      const [learner] = await pair();
      const ada = await enter(browser, learner, look);
      const groupId = (await ask<Me>(ada.context, 'GET', '/me')).memberships[0]?.groupIds[0];
      const lesson = await ask<Lesson>(ada.context, 'GET', `/lessons/${session?.lessonIds[0]}`);
      const workspace = await ask<{ id: string }>(ada.context, 'POST', '/workspaces', {
        groupId,
        exerciseId: lesson.exercise.id,
      });
      for (const address of ['/', `/class/${session?.id}`, `/workspaces/${workspace.id}`]) {
        await ada.page.goto(address);
        await expect(ada.page.getByRole('heading', { level: 1 })).toHaveCount(1);
        if (address.startsWith('/workspaces'))
          await expect(ada.page.locator('.cm-content').first()).toBeVisible();
        await expectAccessible(ada.page, `learner ${address}`);
      }
      await ada.page.locator('.cm-content').first().focus();
      await ada.page.keyboard.press('ControlOrMeta+f');
      await expect(ada.page.locator('.cm-search')).toBeVisible();
      await expectAccessible(ada.page, 'search in the editor');
      await ada.page.keyboard.press('Escape');
      await ada.page.keyboard.press('ControlOrMeta+Shift+Enter');
      await expect(ada.page.locator('[data-verdict]').first()).toBeVisible({ timeout: 60_000 });
      await expectAccessible(ada.page, 'a check that failed');
      await ada.context.close();
    });
  }
}
