import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { ask, enter, persona } from '../support/people.ts';
import { otherPair, ready, workspaceOf } from '../support/workspaces.ts';

const strip = (page: Page, name = 'Who drives') => page.getByRole('region', { name });
const code = (page: Page) => page.locator('.cm-content');

// Other journeys use the same workspaces, and everybody writes in them.
test.afterEach(async ({ browser }) => {
  const lead = await enter(browser, await persona('instructor'));
  const [first] = await otherPair();
  const a = await enter(browser, first);
  for (const lesson of ['2.1', '2.2']) {
    const id = await workspaceOf(a.context, lesson);
    await ask(lead.context, 'POST', `/workspaces/${id}/room/commands`, { type: 'free' });
  }
  for (const { context } of [lead, a]) await context.close();
});

test('one drives, the others navigate, and control goes over without a new connection', async ({
  browser,
}) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first);
  const b = await enter(browser, second, { locale: 'zh-CN' });
  const id = await workspaceOf(a.context, '2.1');
  await ready(a.page, `/workspaces/${id}`);
  await ready(b.page, `/workspaces/${id}`);
  let sockets = 0;
  for (const { page } of [a, b]) page.on('websocket', () => (sockets += 1));

  await a.page.getByRole('button', { name: 'Take turns' }).click();
  await expect(strip(a.page)).toContainText('You drive.');
  await expect(strip(b.page, '谁在主写')).toContainText(`${first.name} 正在主写。你在领航`);
  await expect(code(b.page)).toHaveAttribute('aria-readonly', 'true');

  // Typing where one may not is answered, and changes nothing.
  const before = await code(b.page).innerText();
  await code(b.page).click();
  await b.page.keyboard.type('x');
  await expect(b.page.locator('#ln-announcements')).toContainText('没有输入');
  expect(await code(b.page).innerText()).toBe(before);

  // From within the code, by one key.
  await b.page.keyboard.press('ControlOrMeta+Shift+E');
  await expect(strip(a.page)).toContainText(`${second.name} would like to drive.`);
  await expectAccessible(a.page, 'somebody asks to drive');
  await strip(a.page)
    .getByRole('button', { name: `Hand over to ${second.name}` })
    .click();
  await expect(strip(b.page, '谁在主写')).toContainText('由你主写');
  await expect(b.page.locator('#ln-announcements')).toContainText('现在由你主写');
  await code(b.page).click();
  await b.page.keyboard.press('ControlOrMeta+Home');
  await b.page.keyboard.type('// by the second\n');
  await expect(code(a.page)).toContainText('// by the second');

  await strip(a.page).getByRole('button', { name: 'Take back' }).click();
  await expect(strip(a.page)).toContainText('You drive.');

  // Turns, from the menu and by the keyboard.
  const more = strip(a.page).getByRole('button', { name: 'More about driving' });
  await more.focus();
  await a.page.keyboard.press('Enter');
  await a.page.getByRole('menuitemradio', { name: 'every 5 min' }).click();
  await expect(strip(b.page, '谁在主写')).toContainText(/0[45]:\d\d 后换人/);
  await expect(more).toBeFocused();

  await more.click();
  await a.page.getByRole('menuitem', { name: 'Everybody writes' }).click();
  await expect(strip(b.page, '谁在主写')).toHaveCount(0);
  await expect(code(b.page)).toHaveAttribute('aria-readonly', 'false');
  expect(sockets).toBe(0);
  for (const { context } of [a, b]) await context.close();
});

test('the instructor takes control and gives it, from whoever has it', async ({ browser }) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first);
  const b = await enter(browser, second);
  const lead = await enter(browser, await persona('instructor'), { colorScheme: 'light' });
  const id = await workspaceOf(a.context, '2.1');
  for (const { page } of [a, b, lead]) await ready(page, `/workspaces/${id}`);
  await a.page.getByRole('button', { name: 'Take turns' }).click();
  await strip(lead.page)
    .getByRole('button', { name: `Take control from ${first.name}` })
    .click();
  await expect(strip(a.page)).toContainText('Nobody drives.');
  await expect(code(lead.page)).toHaveAttribute('aria-readonly', 'false');
  await strip(lead.page).getByRole('button', { name: 'More about driving' }).click();
  await lead.page.getByRole('menuitem', { name: second.name }).click();
  await expect(strip(b.page)).toContainText('You drive.');
  // A lead chose it, so the group cannot leave it by itself.
  await strip(b.page).getByRole('button', { name: 'More about driving' }).click();
  await expect(b.page.getByRole('menuitem', { name: 'Everybody writes' })).toHaveCount(0);
  for (const { context } of [a, b, lead]) await context.close();
});

test('what is typed a moment too late is taken back with a sentence, and the caret stays', async ({
  browser,
}) => {
  const [first, second] = await otherPair();
  const a = await enter(browser, first);
  const b = await enter(browser, second);
  const id = await workspaceOf(a.context, '2.2');
  const held = await holdFrames(b.page);
  await ready(a.page, `/workspaces/${id}`);
  await ready(b.page, `/workspaces/${id}`);
  await type(b.page, '// while all write\n');
  await expect(code(a.page)).toContainText('// while all write');
  await expect(b.page.getByText('Saved', { exact: true })).toBeVisible();

  held.hold();
  await ask(a.context, 'POST', `/workspaces/${id}/room/commands`, { type: 'drive' });
  await expect(strip(a.page)).toContainText('You drive.');
  await type(b.page, '// too late\n');
  held.release();
  await expect(b.page.getByText(/You typed when you might no longer write/)).toBeVisible();
  await expect(code(b.page)).toContainText('// while all write');
  await expect(code(b.page)).not.toContainText('// too late');
  await expect(code(b.page)).toBeFocused();
  await expect(code(a.page)).not.toContainText('// too late');
  for (const { context } of [a, b]) await context.close();
});

async function type(page: Page, what: string): Promise<void> {
  await code(page).click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type(what);
}

/** Keeps back what the server says to the room of this page while `hold` is in force, as a slow network does. */
async function holdFrames(page: Page): Promise<{ hold: () => void; release: () => void }> {
  let waiting: (() => void)[] | null = null;
  await page.routeWebSocket(/\/collab\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (waiting === null) socket.send(message);
      else waiting.push(() => socket.send(message));
    });
  });
  return {
    hold: () => (waiting = []),
    release: () => {
      const due = waiting ?? [];
      waiting = null;
      for (const send of due) send();
    },
  };
}
