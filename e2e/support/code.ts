import { expect, type Page } from '@playwright/test';

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

/** Presses an entry of the menu of runs. */
export async function runFromMenu(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^(Choose what to run|选择运行方式)$/ }).click();
  await page.getByRole('menuitem', { name }).click();
}
