import { expect, type Page, test } from '@playwright/test';
import { ask, enter, pair } from '../support/people.ts';

type Me = { memberships: { cohortId: string; groupIds: string[] }[] };
type Cohort = { classSessions: { lessonIds: string[] }[] };
type Lesson = { exercise: { id: string } };
type Workspace = { id: string };

const program = (line: string): string =>
  `package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println(${line})\n}\n`;

test('the compiler speaks while people type, to both, and nobody pressed Run', async ({ browser }) => {
  const [first, second] = await pair();
  const [ada, bo] = [await enter(browser, first), await enter(browser, second)];
  const me = await ask<Me>(ada.context, 'GET', '/me');
  const cohort = await ask<Cohort>(ada.context, 'GET', `/cohorts/${me.memberships[0]?.cohortId}`);
  const lessonId = cohort.classSessions[0]?.lessonIds.find((id) => id.startsWith('1.1'));
  const lesson = await ask<Lesson>(ada.context, 'GET', `/lessons/${lessonId}`);
  const { id } = await ask<Workspace>(ada.context, 'POST', '/workspaces', {
    groupId: me.memberships[0]?.groupIds[0],
    exerciseId: lesson.exercise.id,
  });
  for (const { page } of [ada, bo]) {
    await page.goto(`/workspaces/${id}?file=main.go`);
    await expect(editor(page)).toBeVisible();
  }

  await write(ada.page, program('missing'));
  for (const { page } of [ada, bo]) {
    const mark = page.locator('.cm-lint-marker-error');
    await expect(mark).toHaveCount(1);
    await mark.hover();
    await expect(page.getByText(/undefined: missing/)).toBeVisible();
    await page.mouse.move(0, 0);
  }
  await write(ada.page, program('"there"'));
  for (const { page } of [ada, bo]) await expect(page.locator('.cm-lint-marker-error')).toHaveCount(0);
  await Promise.all([ada.context.close(), bo.context.close()]);
});

const editor = (page: Page) => page.locator('.cm-content').first();

async function write(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+A');
  // As pasted: typed, brackets would close themselves.
  await page.keyboard.insertText(text);
}
