import {
  type Persona,
  type RouteBody,
  type RouteName,
  type RouteParams,
  type RouteResponse,
  routes,
} from '@lineage/contracts';

/** Somebody who is signed in, as a script is: by cookie, without a browser. */
export type Person = { readonly url: string; readonly cookie: string; readonly persona: Persona };

/** Asks the API as this person. @throws Error when the answer is not a success */
export async function ask<N extends RouteName>(
  person: Pick<Person, 'url' | 'cookie'>,
  name: N,
  params: RouteParams<N>,
  body?: RouteBody<N>,
): Promise<RouteResponse<N>> {
  const { answer } = await send(person, name, params, body);
  return answer;
}

/** Signs in by the demo's door. */
export async function signIn(url: string, persona: Persona): Promise<Person> {
  const { headers } = await send({ url, cookie: '' }, 'demoSignIn', {}, { persona: persona.persona });
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return { url, cookie, persona };
}

/** Everybody of the demo, signed in. */
export async function signInAll(url: string): Promise<Person[]> {
  return Promise.all((await personasOf(url)).map((persona) => signIn(url, persona)));
}

/** Learners of the demo, those of one group together. */
export async function learnersByGroup(url: string): Promise<Persona[][]> {
  const personas = await personasOf(url);
  const learners = personas.filter(({ role }) => role === 'learner');
  return [...Map.groupBy(learners, ({ groupName }) => groupName).values()];
}

/** The first two learners of one group, signed in. */
export async function signInPair(url: string): Promise<[Person, Person]> {
  const [first, second] = (await learnersByGroup(url)).find(({ length }) => length > 1) ?? [];
  if (first === undefined || second === undefined) throw new Error('the demo has no group of two');
  return [await signIn(url, first), await signIn(url, second)];
}

async function personasOf(url: string): Promise<Persona[]> {
  return (await ask({ url, cookie: '' }, 'listPersonas', {})).personas;
}

async function send<N extends RouteName>(
  { url, cookie }: Pick<Person, 'url' | 'cookie'>,
  name: N,
  params: Record<string, string>,
  body?: RouteBody<N>,
): Promise<{ answer: RouteResponse<N>; headers: Headers }> {
  const { method, path, response } = routes[name];
  const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''));
  const answered = await fetch(`${url}/api${filled}`, {
    method,
    headers: {
      ...(cookie === '' ? {} : { cookie }),
      'idempotency-key': crypto.randomUUID(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answered.text();
  if (!answered.ok) throw new Error(`${method} ${path} answered ${answered.status}: ${text}`);
  return { answer: response.parse(JSON.parse(text)) as RouteResponse<N>, headers: answered.headers };
}
