import { crc32 } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { openTemplate } from '../support/open.ts';
import { ask, enter, persona } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

const code = (page: Page) => page.locator('.cm-content');

test('files go out as a zip and come back from one, and one undo takes that back', async ({ browser }) => {
  const { a, b } = await openTemplate(browser);
  await code(a.page).click();
  await a.page.keyboard.press('ControlOrMeta+Home');
  await a.page.keyboard.type('// in the zip\n');
  await a.page.getByRole('button', { name: 'Files as a zip' }).click();
  const dialog = a.page.getByRole('dialog', { name: 'Files as a zip' });
  await expect(dialog).toContainText('of 64 files');
  const downloading = a.page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download a zip' }).click();
  const zip = await (await downloading).path();
  await expectAccessible(a.page, 'files as a zip');
  await dialog.getByRole('button', { name: 'Close' }).click();

  await code(a.page).click();
  await a.page.keyboard.press('ControlOrMeta+a');
  await a.page.keyboard.press('Delete');
  await a.page.keyboard.type('// all gone\n');
  await expect(code(b.page)).toContainText('// all gone');

  await a.page.getByRole('button', { name: 'Files as a zip' }).click();
  const choose = dialog.getByLabel('Choose a zip');
  await choose.setInputFiles({
    name: 'no.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from('no zip '.repeat(9)),
  });
  await expect(dialog.getByRole('alert')).toHaveText('This file is not a zip.');
  await choose.setInputFiles(zip);
  await expect(dialog.getByRole('list', { name: 'Files of the zip' })).toContainText('replaces');
  await expectAccessible(a.page, 'what a zip would change');
  await dialog.getByRole('button', { name: 'Put in 1 file' }).click();
  await expect(code(b.page)).toContainText('// in the zip');
  await expect(code(b.page)).not.toContainText('// all gone');
  await a.page.getByRole('button', { name: 'Undo' }).click();
  await expect(code(b.page)).toContainText('// all gone');
  await expect(code(b.page)).not.toContainText('// in the zip');
  for (const { context } of [a, b]) await context.close();
});

test('who may only read can take the files, not put any in', async ({ browser }) => {
  const { context, page } = await enter(browser, await persona('mentor'), { locale: 'zh-CN' });
  const [first] = await otherPair();
  const owner = await enter(browser, first);
  await ready(page, `/workspaces/${await workspaceOf(owner.context, '1.1')}`);
  await page.getByRole('button', { name: '文件与 zip' }).click();
  const dialog = page.getByRole('dialog', { name: '文件与 zip' });
  await expect(dialog.getByRole('button', { name: '下载 zip' })).toBeVisible();
  await expect(dialog).toContainText('只能阅读');
  await expect(dialog.getByLabel('选择 zip 文件')).toHaveCount(0);
  await context.close();
  await owner.context.close();
});

test('how full a workspace is stands above the code before it is full', async ({ browser }) => {
  const [first] = await otherPair();
  const { context, page } = await enter(browser, first);
  const id = await workspaceOf(context, '1.1');
  await ask(context, 'POST', `/workspaces/${id}/reset`, {});
  await ready(page, `/workspaces/${id}`);
  const notice = page.getByText(/2\d\d of 256 KiB of text/);
  await expect(notice).toHaveCount(0);
  await page.getByRole('button', { name: 'Files as a zip' }).click();
  const buffer = storedZip('many.txt', '// a line of which there are too many\n'.repeat(6_000));
  await page
    .getByLabel('Choose a zip')
    .setInputFiles({ name: 'many.zip', mimeType: 'application/zip', buffer });
  await page.getByRole('button', { name: 'Put in 1 file' }).click();
  await expect(notice).toBeVisible();
  await expectAccessible(page, 'a nearly full workspace');
  await ask(context, 'POST', `/workspaces/${id}/reset`, {});
  await context.close();
});

/** A zip of one file as it is. */
function storedZip(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), content]);
  const made = Buffer.from('PK\x01\x02\x14\x00', 'latin1');
  const central = Buffer.concat([made, facts, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
