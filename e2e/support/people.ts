import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  expect,
  type Page,
} from '@playwright/test';

export type Persona = { persona: string; name: string; role: string; groupName: string | null };
export type SignedIn = { readonly context: BrowserContext; readonly page: Page };

export const systemUrl = (): string => {
  const url = process.env['LINEAGE_URL'];
  if (url === undefined) throw new Error('the global set-up has not run');
  return url;
};

/** Who the demo offers. */
export async function personas(): Promise<Persona[]> {
  const answer = await fetch(`${systemUrl()}/api/demo`);
  const body = (await answer.json()) as { personas: Persona[] };
  return body.personas;
}

/** The first two learners of one group. */
export async function pair(): Promise<[Persona, Persona]> {
  const learners = (await personas()).filter(({ role }) => role === 'learner');
  const mates = learners.filter(({ groupName }) => groupName === learners[0]?.groupName);
  const [first, second] = mates;
  if (first === undefined || second === undefined) throw new Error('the demo has no group of two');
  return [first, second];
}

export async function persona(role: string): Promise<Persona> {
  const found = (await personas()).find((one) => one.role === role);
  if (found === undefined) throw new Error(`the demo has no ${role}`);
  return found;
}

/** A browser context of one's own, signed in by the demo's door. */
export async function enter(
  browser: Browser,
  who: Persona,
  options: BrowserContextOptions = {},
): Promise<SignedIn> {
  const context = await browser.newContext({ baseURL: systemUrl(), ...options });
  const answer = await context.request.post('/api/demo/sign-in', {
    data: { persona: who.persona },
    headers: { origin: systemUrl() },
  });
  expect(answer.status()).toBe(200);
  const page = await context.newPage();
  return { context, page };
}

/** Asks the API as the person of this context; the answer has to be a success. */
export async function ask<Body>(
  context: BrowserContext,
  method: string,
  path: string,
  data?: unknown,
): Promise<Body> {
  const answer = await context.request.fetch(`/api${path}`, {
    method,
    ...(data === undefined ? {} : { data }),
    headers: { origin: systemUrl(), 'idempotency-key': crypto.randomUUID() },
  });
  expect(answer.ok(), `${method} ${path} answered ${answer.status()}: ${await answer.text()}`).toBe(true);
  return (await answer.json()) as Body;
}
