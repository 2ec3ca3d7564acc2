import { type BrowserContext, expect, type Page } from '@playwright/test';
import { ask, pair, type Persona, personas } from './people.ts';

type Me = { memberships: { cohortId: string; groupIds: string[] }[] };
type Catalog = { chapters: { lessons: { number: string; exerciseId: string }[] }[] };

/** A workspace of the group, on the lesson of that number. */
export async function workspaceOf(context: BrowserContext, number: string): Promise<string> {
  const groupId = (await ask<Me>(context, 'GET', '/me')).memberships[0]?.groupIds[0];
  const { chapters } = await ask<Catalog>(context, 'GET', '/catalog');
  const lesson = chapters.flatMap(({ lessons }) => lessons).find((one) => one.number === number);
  const opened = await ask<{ id: string }>(context, 'POST', '/workspaces', {
    groupId,
    exerciseId: lesson?.exerciseId,
  });
  return opened.id;
}

/** The second group: the other journeys are busy with the first one's workspaces. */
export async function otherPair(): Promise<[Persona, Persona]> {
  const [busy] = await pair();
  const [first, second] = (await personas()).filter(
    ({ role, groupName }) => role === 'learner' && groupName !== busy.groupName,
  );
  if (first === undefined || second === undefined) throw new Error('the demo has one group only');
  return [first, second];
}

/** Opens a workspace and waits for its code. */
export async function ready(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator('.cm-content')).toBeVisible();
}
