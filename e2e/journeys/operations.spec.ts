import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { enter, pair, persona } from '../support/people.ts';

test('an operator sees slots, queue, limits and layers, and a learner nothing of it', async ({ browser }) => {
  const operator = await enter(browser, await persona('operator'), { reducedMotion: 'reduce' });
  await operator.page.goto('/');
  await operator.page.getByRole('link', { name: 'Runner' }).click();
  await expect(operator.page).toHaveURL(/\/operations$/);
  await expect(operator.page.getByRole('heading', { level: 1, name: 'Runner' })).toBeVisible();
  await expect(operator.page.getByText(/^\d+ slots? (is|are) free$/)).toBeVisible();
  await expect(operator.page.getByRole('row', { name: /seccomp/ })).toContainText('yes');
  const { violations } = await new AxeBuilder({ page: operator.page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
  await operator.context.close();

  const [learner] = await pair();
  const ada = await enter(browser, learner);
  await ada.page.goto('/operations');
  await expect(ada.page.getByRole('alert')).toBeVisible();
  await expect(ada.page.getByRole('link', { name: 'Runner' })).toHaveCount(0);
  await ada.context.close();
});
