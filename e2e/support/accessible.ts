import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const impacts = ['minor', 'moderate', 'serious', 'critical'] as const;
type Impact = (typeof impacts)[number];

/** Nobody may be kept out: no finding from this impact on, whatever the language and the theme. */
export async function expectAccessible(page: Page, name: string, from: Impact = 'serious'): Promise<void> {
  // Colours are judged at rest: what fades or glows for a moment passes through those of no design.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze();
  await page.emulateMedia({ reducedMotion: null });
  // One whose impact is not known counts as a critical one.
  const counted = violations.filter(
    ({ impact }) => impacts.indexOf(impact ?? 'critical') >= impacts.indexOf(from),
  );
  const told = counted.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(told, name).toEqual([]);
}
