import type { Browser, BrowserContextOptions } from '@playwright/test';
import { write } from './code.ts';
import { ask, enter, type Persona, type SignedIn } from './people.ts';
import { otherPair, ready, workspaceOf } from './workspaces.ts';

/** The workspace of a learner of the second group on the first lesson, with this text in a file of it. */
export async function openWith(
  browser: Browser,
  path: string,
  text: string,
  options: BrowserContextOptions = {},
): Promise<SignedIn> {
  const [who] = await otherPair();
  const entered = await enter(browser, who, { reducedMotion: 'reduce', ...options });
  await ready(entered.page, `/workspaces/${await workspaceOf(entered.context, '1.1')}`);
  await write(entered.page, path, text);
  return entered;
}

export type Opened = {
  readonly id: string;
  readonly first: Persona;
  readonly second: Persona;
  readonly a: SignedIn;
  readonly b: SignedIn;
};

/** The same workspace as its template was, before the first and the second learner of the group. */
export async function openTemplate(browser: Browser): Promise<Opened> {
  const [first, second] = await otherPair();
  const a = await enter(browser, first);
  const b = await enter(browser, second);
  const id = await workspaceOf(a.context, '1.1');
  await ask(a.context, 'POST', `/workspaces/${id}/reset`, {});
  await ready(a.page, `/workspaces/${id}`);
  await ready(b.page, `/workspaces/${id}`);
  return { id, first, second, a, b };
}
