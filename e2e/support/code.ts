import { type BrowserContext, expect, type Page } from '@playwright/test';
import { ask, pair, type Persona, personas } from './people.ts';

type Me = { memberships: { cohortId: string; groupIds: string[] }[] };
type Catalog = { chapters: { lessons: { number: string; exerciseId: string }[] }[] };

/** The address of the workspace of the person's group on the lesson of that number. */
export async function workspaceOf(context: BrowserContext, number: string): Promise<string> {
  const groupId = (await ask<Me>(context, 'GET', '/me')).memberships[0]?.groupIds[0];
  const { chapters } = await ask<Catalog>(context, 'GET', '/catalog');
  const lesson = chapters.flatMap(({ lessons }) => lessons).find((one) => one.number === number);
  const opened = await ask<{ id: string }>(context, 'POST', '/workspaces', {
    groupId,
    exerciseId: lesson?.exerciseId,
  });
  return `/workspaces/${opened.id}`;
}

/** Two learners of the second group: the other journeys are busy with the first one's workspaces. */
export async function otherPair(): Promise<[Persona, Persona]> {
  const [busy] = await pair();
  const [first, second] = (await personas()).filter(
    ({ role, groupName }) => role === 'learner' && groupName !== busy.groupName,
  );
  if (first === undefined || second === undefined) throw new Error('the demo has one group only');
  return [first, second];
}

/** Opens a file of the workspace on the page, making it when there is none, and puts this text in its place. */
export async function write(page: Page, path: string, text: string): Promise<void> {
  await expect(page.locator('.cm-content')).toBeVisible();
  // Who else looks at the file is part of its tab's name.
  const name = new RegExp(`^${path.replace('.', String.raw`\.`)}`);
  const tab = page.getByRole('tab', { name });
  if ((await tab.count()) > 0) await tab.click();
  else {
    await page.getByRole('button', { name: /^(New file|新建文件)$/ }).click();
    await page.keyboard.type(path);
    await page.keyboard.press('Enter');
  }
  await expect(page.getByRole('tab', { name, selected: true })).toBeVisible();
  const code = page.getByRole('textbox', { name: new RegExp(path.replace('.', String.raw`\.`)) });
  await code.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

/** Presses an entry of the menu of runs, and waits for its verdict. */
export async function runFromMenu(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^(Choose what to run|选择运行方式)$/ }).click();
  await page.getByRole('menuitem', { name }).click();
}
