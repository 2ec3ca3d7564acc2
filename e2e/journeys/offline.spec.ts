import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { ask, enter } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

const code = (page: Page) => page.locator('.cm-content');

async function typeAtTop(page: Page, what: string): Promise<void> {
  await code(page).click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type(what);
}

/** The room's socket alone can be cut, as by a lid that closes; the page itself can still be loaded. */
async function cuttable(page: Page): Promise<{ cut: () => Promise<void>; mend: () => void }> {
  let isCut = false;
  const open: { close: () => Promise<void> }[] = [];
  await page.routeWebSocket(/\/collab\//, (socket) => {
    // Gone without a word: what the page sends reaches nobody.
    if (isCut) return void socket.close({ code: 1012 });
    const server = socket.connectToServer();
    open.push({
      close: async () => {
        await server.close();
        await socket.close({ code: 1012 });
      },
    });
  });
  return {
    cut: async () => {
      isCut = true;
      for (const { close } of open.splice(0)) await close();
    },
    mend: () => (isCut = false),
  };
}

/** Waits until the browser has the text, as it would when the page is closed right then. */
async function keptInBrowser(page: Page, what: string): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(async () => {
        // Opening a database that is not there would make it, and empty.
        const there = await indexedDB.databases();
        if (!there.some(({ name }) => name === 'lineage')) return '';
        return new Promise<string>((resolve) => {
          const opening = indexedDB.open('lineage');
          opening.onsuccess = () => {
            const all = opening.result.transaction('unsaved').objectStore('unsaved').getAll();
            all.onsuccess = () => {
              opening.result.close();
              resolve(JSON.stringify(all.result.map(({ files }: { files: unknown }) => files)));
            };
          };
        });
      }),
    )
    .toContain(what);
}

test('what was typed without a connection outlives the page and is merged with what others did', async ({
  browser,
}) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first);
  const b = await enter(browser, second);
  const id = await workspaceOf(a.context, '2.2');
  await ask(a.context, 'POST', `/workspaces/${id}/reset`, {});
  const line = await cuttable(a.page);
  await ready(a.page, `/workspaces/${id}`);
  await ready(b.page, `/workspaces/${id}`);
  await line.cut();
  await typeAtTop(a.page, '// typed offline\n');
  await expect(a.page.getByText(/Not saved for/)).toBeVisible();
  await keptInBrowser(a.page, '// typed offline');
  await typeAtTop(b.page, '// typed meanwhile\n');

  // Closing warns; who closes all the same loses nothing.
  a.page.on('dialog', (dialog) => void dialog.accept());
  line.mend();
  await a.page.reload();
  await expect(code(a.page)).toContainText('// typed offline');
  await expect(code(a.page)).toContainText('// typed meanwhile');
  await expect(code(b.page)).toContainText('// typed offline');
  await expect(a.page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(a.page.getByText(/could not be saved/)).toHaveCount(0);

  // Once: another visit brings nothing back again.
  await a.page.reload();
  await expect(code(a.page)).toContainText('// typed offline');
  expect((await code(a.page).innerText()).split('// typed offline')).toHaveLength(2);
  for (const { context } of [a, b]) await context.close();
});

test('text of before a reset is offered as a patch and not mixed in', async ({ browser }) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first, { colorScheme: 'light' });
  const b = await enter(browser, second);
  const id = await workspaceOf(a.context, '2.2');
  const line = await cuttable(a.page);
  await ready(a.page, `/workspaces/${id}`);
  await line.cut();
  await typeAtTop(a.page, '// of before the reset\n');
  await keptInBrowser(a.page, '// of before the reset');
  await ask(b.context, 'POST', `/workspaces/${id}/reset`, {});
  a.page.on('dialog', (dialog) => void dialog.accept());
  line.mend();
  await a.page.reload();
  await expect(a.page.getByText(/The workspace was reset while you had unsaved edits/)).toBeVisible();
  await expect(code(a.page)).not.toContainText('// of before the reset');
  await a.page.getByRole('button', { name: 'Show them' }).click();
  const dialog = a.page.getByRole('dialog', { name: 'What was not saved' });
  await expect(dialog).toContainText('+// of before the reset');
  await expectAccessible(a.page, 'text that was not saved');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await a.page.getByRole('button', { name: 'Dismiss' }).click();
  await a.page.reload();
  await expect(code(a.page)).toBeVisible();
  await expect(a.page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(a.page.getByText(/The workspace was reset while/)).toHaveCount(0);
  for (const { context } of [a, b]) await context.close();
});

test('who comes back sees what others changed, place by place', async ({ browser }) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first);
  const b = await enter(browser, second);
  const id = await workspaceOf(a.context, '2.2');
  await a.page.clock.install();
  const line = await cuttable(a.page);
  await ready(a.page, `/workspaces/${id}`);
  await ready(b.page, `/workspaces/${id}`);
  await expect(a.page.getByText('Saved', { exact: true })).toBeVisible();
  await line.cut();
  await typeAtTop(b.page, '// while nobody looked\n');
  await expect(b.page.getByText('Saved', { exact: true })).toBeVisible();
  await a.page.clock.fastForward('59:00');
  line.mend();
  await a.page.clock.fastForward('00:10');
  const notice = a.page.getByText(/others changed 1 place in/);
  await expect(notice).toBeVisible();
  await a.page.getByRole('button', { name: 'Show next' }).click();
  await expect(a.page.getByRole('region', { name: 'Code' }).getByText(/1 of 1: \S+:1/)).toBeVisible();
  await expect(a.page.locator('.cm-pointed')).toContainText('// while nobody looked');
  await a.page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice).toHaveCount(0);
  for (const { context } of [a, b]) await context.close();
});
