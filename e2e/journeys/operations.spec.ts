import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { ask, enter, pair, persona } from '../support/people.ts';

test('an operator sees slots, queue, limits and layers, and a learner nothing of it', async ({ browser }) => {
  const operator = await enter(browser, await persona('operator'), { reducedMotion: 'reduce' });
  await operator.page.goto('/');
  await operator.page.getByRole('link', { name: 'Operations' }).click();
  await expect(operator.page).toHaveURL(/\/operations$/);
  await expect(operator.page.getByRole('heading', { level: 1, name: 'Operations' })).toBeVisible();
  await expect(operator.page.getByText(/^\d+ slots? (is|are) free$/)).toBeVisible();
  await expect(operator.page.getByRole('row', { name: /seccomp/ })).toContainText('yes');
  await expect(operator.page.getByRole('heading', { level: 2, name: 'Rooms' })).toBeVisible();
  await expect(operator.page.getByRole('region', { name: 'API processes' })).toContainText('the only one');
  const { violations } = await new AxeBuilder({ page: operator.page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
  await operator.context.close();

  const [learner] = await pair();
  const ada = await enter(browser, learner);
  await ada.page.goto('/operations');
  await expect(ada.page.getByRole('alert')).toBeVisible();
  await expect(ada.page.getByRole('link', { name: 'Operations' })).toHaveCount(0);
  await ada.context.close();
});

test('an instructor checks and tests every group, and says who writes in all, with one button each', async ({
  browser,
}) => {
  const { context, page } = await enter(browser, await persona('instructor'), { reducedMotion: 'reduce' });
  const me = await ask<{ memberships: { cohortId: string }[] }>(context, 'GET', '/me');
  const cohort = await ask<{
    classSessions: { id: string; lessonIds: string[] }[];
    groups: { id: string }[];
  }>(context, 'GET', `/cohorts/${me.memberships[0]?.cohortId}`);
  const session = cohort.classSessions[0];
  const lesson = await ask<{ id: string; steps: { id: string }[]; exercise: { id: string } }>(
    context,
    'GET',
    `/lessons/${session?.lessonIds[0]}`,
  );
  for (const { id: groupId } of cohort.groups)
    await ask(context, 'POST', '/workspaces', { groupId, exerciseId: lesson.exercise.id });
  await page.goto(`/class/${session?.id}`);
  const begin = page.getByRole('button', { name: 'Start class' });
  const all = page.getByRole('button', { name: 'Check all groups' });
  await expect(begin.or(all)).toBeVisible();
  if (await begin.isVisible()) await begin.click();
  await ask(context, 'POST', `/class-sessions/${session?.id}/commands`, {
    type: 'move_to_step',
    lessonId: lesson.id,
    stepId: lesson.steps[0]?.id,
  });
  await all.click();
  await expect(page.getByText(/^2 groups were checked; their cards show the results\.$/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByRole('article').getByText('failed')).toHaveCount(2);
  await expect(all).toBeVisible();

  // Anything else that tells how each group stands is chosen beside the button, by keyboard too.
  const what = page.getByRole('group', { name: 'What to do in all groups' });
  await expect(what.getByRole('button', { name: 'Check' })).toHaveAttribute('aria-pressed', 'true');
  await what.getByRole('button', { name: 'Test' }).press('Enter');
  await page.getByRole('button', { name: 'Test all groups' }).click();
  await expect(
    page.getByText(/^The tests of 2 groups were run; their cards show the results\.$/),
  ).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByRole('article').getByText('Test', { exact: true })).toHaveCount(2);

  // Who writes is said for all groups as well, with buttons that are whole in the lead's column.
  const one = page.getByRole('button', { name: 'One writes in each group' });
  const everybody = page.getByRole('button', { name: 'All may write' });
  for (const button of [one, everybody, page.getByRole('button', { name: 'End class' })])
    await expect(button).toBeInViewport({ ratio: 1 });
  await one.click();
  await expect(page.getByText('It is so in 2 groups.')).toBeVisible();
  await everybody.click();
  await expect(everybody).toBeEnabled();
  await expect(page.getByText('It is so in 2 groups.')).toBeVisible();
  await context.close();
});
