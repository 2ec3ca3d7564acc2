import { type Browser, expect, type Page, test } from '@playwright/test';
import { startSystem } from '@lineage/system';

/** An instance of its own, without the demo: what it has, people made in the browser. */
let system: Awaited<ReturnType<typeof startSystem>>;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  system = await startSystem(['--no-demo']);
});
test.afterAll(() => system.stop());

type Newcomer = { name: string; email: string };

test('from the first-owner link to a run in a class, with nothing but browsers', async ({ browser }) => {
  test.setTimeout(240_000);
  expect(system.setupUrl).not.toBeNull();
  const owner = await person(browser);

  await test.step('the one-time link makes the owner, who makes a cohort', async () => {
    await owner.goto(system.setupUrl ?? '');
    await fillAccount(owner, { name: 'Zhou Lan', email: 'lan@example.org' });
    await owner.getByRole('button', { name: 'Create the owner' }).click();
    await owner.getByLabel('Title').fill('Autumn');
    await owner.getByRole('button', { name: 'Create cohort' }).click();
    await expect(owner.getByRole('heading', { level: 1, name: 'Autumn' })).toBeVisible();
  });

  await test.step('the link works once', async () => {
    const stranger = await person(browser);
    await stranger.goto(system.setupUrl ?? '');
    await expect(stranger.getByRole('heading', { name: 'This instance has an owner' })).toBeVisible();
    await stranger.context().close();
  });

  const learner = await test.step('a learner joins by a link, and is put into a group', async () => {
    await owner.getByLabel('Name of the new group').fill('Amber');
    await owner.getByRole('button', { name: 'Add group' }).click();
    await expect(owner.getByRole('heading', { name: 'Amber' })).toBeVisible();
    const joined = await join(browser, await invite(owner, 'learner'), {
      name: 'Ana Souza',
      email: 'ana@example.org',
    });
    await expect(joined.getByRole('heading', { level: 1, name: 'Autumn' })).toBeVisible();
    await owner.reload();
    await owner.getByLabel('Group of Ana Souza').selectOption({ label: 'Amber' });
    await expect(owner.getByLabel('Group of Ana Souza')).toHaveValue(/.+/);
    return joined;
  });

  const instructor = await test.step('an instructor joins, plans a class and starts it', async () => {
    const joined = await join(browser, await invite(owner, 'instructor'), {
      name: 'Lin Qing',
      email: 'qing@example.org',
    });
    await joined.getByRole('button', { name: 'Schedule class' }).click();
    await joined.getByLabel('Title of the class').fill('First evening');
    await joined.getByRole('checkbox', { name: /First goroutine/ }).check();
    await joined.getByRole('button', { name: 'Schedule class' }).last().click();
    await joined.getByRole('link', { name: 'First evening' }).click();
    await joined.getByRole('button', { name: 'Start class' }).click();
    await expect(joined.getByRole('button', { name: 'End class' })).toBeVisible();
    return joined;
  });

  await test.step('the learner is led from Today to the class and into the workspace', async () => {
    await learner.goto('/');
    await learner.getByRole('link', { name: /Join the class/ }).click();
    await learner.getByRole('button', { name: /Open our workspace/ }).click();
    await learner.waitForURL(/\/workspaces\//);
    await expect(learner.getByRole('tab', { name: 'greet.go', selected: true })).toBeVisible();
  });

  await test.step('the program runs, and the instructor sees that it did', async () => {
    await learner.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(learner.getByText(/^Passed in/)).toBeVisible({ timeout: 60_000 });
    const card = instructor.getByRole('article', { name: 'Amber' });
    await expect(card.getByText('passed')).toBeVisible();
    await card.getByRole('button', { name: 'Open room' }).click();
    await instructor.waitForURL(/\/workspaces\//);
    await expect(instructor.locator('.cm-content')).toBeVisible();
  });
});

test('the doors of the demo are not there', async ({ request }) => {
  expect((await request.get(`${system.url}/api/demo`)).status()).toBe(404);
});

/** A browser of one's own. */
async function person(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: system.url });
  return context.newPage();
}

/** Makes an invitation link for a role; the link is shown once. */
async function invite(owner: Page, role: string): Promise<string> {
  await owner.getByLabel('Role', { exact: true }).selectOption(role);
  await owner.getByRole('button', { name: 'Make a link' }).click();
  const link = owner.getByLabel('Invitation link');
  await expect(link).toHaveValue(/\/join#.+/);
  return link.inputValue();
}

async function join(browser: Browser, link: string, newcomer: Newcomer): Promise<Page> {
  const page = await person(browser);
  await page.goto(link);
  await fillAccount(page, newcomer);
  await page.getByRole('button', { name: 'Create an account and join' }).click();
  await page.waitForURL(/\/cohorts\//);
  return page;
}

async function fillAccount(page: Page, { name, email }: Newcomer): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('a long enough one');
}
