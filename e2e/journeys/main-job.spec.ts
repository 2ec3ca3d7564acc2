import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { killServer } from '@lineage/system';
import { expectAccessible } from '../support/accessible.ts';
import { ask, enter, pair, persona, type SignedIn } from '../support/people.ts';

type ClassSession = { summary: { id: string; lessonIds: string[] }; state: { state: string } };
type Lesson = { id: string; steps: { id: string; kind: string }[]; exercise: { id: string } };
type Cohort = { classSessions: { id: string }[] };
type Me = { memberships: { cohortId: string; groupIds: string[] }[] };

/** Burns enough processor time for a profile, and says each round. */
const program = [
  'package main',
  '',
  'import (',
  '\t"fmt"',
  '\t"time"',
  ')',
  '',
  'func burn(n int) (sum int) {',
  '\tfor i := range n {',
  '\t\tsum += i * i % 7',
  '\t}',
  '\treturn sum',
  '}',
  '',
  'func main() {',
  '\tbegan := time.Now()',
  '\tfor round := 1; time.Since(began) < 1500*time.Millisecond; round++ {',
  '\t\tfmt.Println("round", round, burn(60_000_000))',
  '\t}',
  '}',
  '',
].join('\n');

const SAVED = /^saved$/i;

test('a class from start to a profile everybody sees, through a killed server', async ({ browser }) => {
  test.setTimeout(240_000);
  const [first, second] = await pair();
  const [lead, ada, bo] = await Promise.all([
    enter(browser, await persona('instructor')),
    enter(browser, first),
    enter(browser, second),
  ]);
  const session = await classSession(lead.context);

  await test.step('the instructor starts the class and moves it; a learner follows', async () => {
    await Promise.all([lead, ada].map(({ page }) => page.goto(`/class/${session.summary.id}`)));
    const start = lead.page.getByRole('button', { name: 'Start class' });
    await expect(start.or(lead.page.getByRole('button', { name: 'End class' })).first()).toBeVisible();
    if (await start.isVisible()) await start.click();
    await expect(ada.page.getByText('LIVE', { exact: true }).first()).toBeVisible();
    await moveToExercise(lead.context, session, '2.1');
    await expect(ada.page.getByText(/Following the instructor/).first()).toBeVisible();
  });

  const workspaceUrl = await test.step('both open the workspace of their group', async () => {
    await ada.page.getByRole('button', { name: /Open our workspace/ }).click();
    await ada.page.waitForURL(/\/workspaces\//);
    await expectSaved(ada.page);
    await bo.page.goto(new URL(ada.page.url()).pathname);
    await expectSaved(bo.page);
    return new URL(ada.page.url()).pathname;
  });

  await test.step('both type at the same time and see each other', async () => {
    // The editor opens the exercise's own file; this program goes where it begins.
    for (const { page } of [ada, bo]) await page.getByRole('tab', { name: /main\.go/ }).click();
    await replaceText(ada.page, program);
    await expectText(bo.page, 'func burn(n int)');
    await Promise.all([typeAtEnd(ada.page, '// ada was here'), typeAtStart(bo.page, '// bo was here\n')]);
    for (const { page } of [ada, bo]) {
      await expectText(page, '// ada was here');
      await expectText(page, '// bo was here');
      await expectSaved(page);
    }
  });

  await test.step('one runs it, and the output streams to both', async () => {
    await ada.page.keyboard.press('Escape');
    await runKind(ada.page, 'Run');
    for (const { page } of [ada, bo])
      await expect(page.getByText(/^round 1 /).first()).toBeVisible({ timeout: 60_000 });
    for (const { page } of [ada, bo])
      await expect(page.getByText(/Passed in/).first()).toBeVisible({ timeout: 60_000 });
  });

  const artifactId = await test.step('a profile appears for both and on the class page', async () => {
    await runKind(bo.page, 'Profile');
    for (const { page } of [ada, bo]) {
      await page.getByRole('tab', { name: /Flame/ }).click();
      await expect(page.locator('[data-painted]')).toBeVisible({ timeout: 60_000 });
    }
    const card = lead.page.getByRole('article', { name: first.groupName ?? '' });
    await expect(card.getByRole('button', { name: 'Open profile' })).toBeVisible();
    await card.getByRole('button', { name: 'Open profile' }).click();
    await expect(lead.page.locator('[data-painted]')).toBeVisible();
    return ada.page.locator('[data-painted]').getAttribute('data-painted');
  });

  await test.step('a link to the profile opens it for a tool, until it is closed', async () => {
    const { page } = ada;
    await page.getByRole('button', { name: 'Copy go tool pprof command' }).click();
    await page.getByRole('button', { name: 'Links', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Links to this profile' });
    const command = await dialog.getByLabel('Command for a terminal').inputValue();
    const url = /'(.*)'/.exec(command)?.[1] ?? '';
    expect((await fetch(url)).status).toBe(200);
    await expectAccessible(page, 'links to a profile');
    await dialog.getByRole('button', { name: 'Close link' }).click();
    await expect(dialog.getByText('No link is open.')).toBeVisible();
    expect((await fetch(url)).status).toBe(404);
    await page.keyboard.press('Escape');
  });

  await test.step('a click on a frame shows its line in the shared editor', async () => {
    await clickUntilLine(ada.page);
    await expect(ada.page).toHaveURL(/file=main\.go/);
  });

  await test.step('the server is killed while they type; nothing that was saved is missing', async () => {
    const mark = `// kept ${Date.now()}`;
    await typeAtEnd(ada.page, mark);
    await expectSaved(ada.page);
    killServer(Number(process.env['LINEAGE_LAUNCHER']));
    await typeAtEnd(bo.page, '// typed while the server was away');
    for (const { page } of [ada, bo]) await expectSaved(page);
    for (const { page } of [ada, bo]) {
      await page.goto(`${workspaceUrl}?file=main.go`);
      await expectSaved(page);
      await page
        .locator('.cm-scroller')
        .first()
        .evaluate((box) => box.scrollTo(0, box.scrollHeight));
      await expectText(page, mark);
      await expectText(page, '// typed while the server was away');
    }
    await ada.page.getByRole('tab', { name: /Flame/ }).click();
    await expect(ada.page.locator(`[data-painted="${artifactId}"]`)).toBeVisible({ timeout: 30_000 });
  });

  await Promise.all([lead, ada, bo].map(({ context }: SignedIn) => context.close()));
});

const editor = (page: Page) => page.locator('.cm-content').first();

/** The text without other people's carets and names, which stand in the same lines. */
async function expectText(page: Page, text: string): Promise<void> {
  const read = () =>
    editor(page).evaluate((content) => {
      const copy = content.cloneNode(true) as HTMLElement;
      for (const caret of copy.querySelectorAll('.cm-remote-caret')) caret.remove();
      return copy.textContent;
    });
  await expect.poll(read, { timeout: 15_000 }).toContain(text);
}

async function expectSaved(page: Page): Promise<void> {
  await expect(page.getByText(SAVED).first()).toBeVisible({ timeout: 30_000 });
}

async function replaceText(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

async function typeAtEnd(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(`\n${text}`, { delay: 5 });
}

async function typeAtStart(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type(text, { delay: 5 });
}

/** By the palette, as a keyboard user would. */
async function runKind(page: Page, name: string): Promise<void> {
  const direct = page.getByRole('button', { name, exact: true });
  if (await direct.first().isVisible()) return direct.first().click();
  await page
    .getByRole('button', { name: /run as|choose|kinds/i })
    .first()
    .click();
  await page
    .getByRole('menuitem', { name: new RegExp(`^${name}`) })
    .first()
    .click();
}

/** Frames of the program lie below the runtime's; walks down the middle of the graph until one has a line here. */
async function clickUntilLine(page: Page): Promise<void> {
  const box = await page.locator('[data-painted] canvas').first().boundingBox();
  if (box === null) throw new Error('the flame graph has no canvas');
  for (let y = 8; y < Math.min(box.height, 200); y += 16) {
    await page.mouse.click(box.x + box.width * 0.3, box.y + y);
    if (/line=\d+/.test(page.url())) return;
  }
  await expect(page).toHaveURL(/line=\d+/);
}

async function classSession(context: BrowserContext): Promise<ClassSession> {
  const me = await ask<Me>(context, 'GET', '/me');
  const cohort = await ask<Cohort>(context, 'GET', `/cohorts/${me.memberships[0]?.cohortId}`);
  return ask<ClassSession>(context, 'GET', `/class-sessions/${cohort.classSessions[0]?.id}`);
}

async function moveToExercise(
  context: BrowserContext,
  session: ClassSession,
  lessonNumber: string,
): Promise<void> {
  const lessonId = session.summary.lessonIds.find((id) => id.startsWith(lessonNumber));
  const lesson = await ask<Lesson>(context, 'GET', `/lessons/${lessonId}`);
  const step = lesson.steps.find(({ kind }) => kind === 'exercise');
  await ask(context, 'POST', `/class-sessions/${session.summary.id}/commands`, {
    type: 'move_to_step',
    lessonId,
    stepId: step?.id,
  });
}
