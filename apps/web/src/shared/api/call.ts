import {
  problemSchema,
  routes,
  type RouteBody,
  type RouteName,
  type RouteParams,
  type RouteResponse,
} from '@lineage/contracts';
import { ApiError } from './api-error.ts';

type ParamsPart<N extends RouteName> = [keyof RouteParams<N>] extends [never]
  ? { params?: undefined }
  : { params: RouteParams<N> };
type BodyPart<N extends RouteName> =
  RouteBody<N> extends undefined ? { body?: undefined } : { body: RouteBody<N> };

/** What a route wants: its path's parameters and its body when it has them, a query, a key for commands. */
export type CallInput<N extends RouteName> = ParamsPart<N> &
  BodyPart<N> & {
    query?: Readonly<Record<string, string | number>>;
    /** The same key twice is one command; a fresh one is made when it is left out. */
    idempotencyKey?: string;
    signal?: AbortSignal;
  };
export type CallArguments<N extends RouteName> =
  Record<never, never> extends CallInput<N> ? [input?: CallInput<N>] : [input: CallInput<N>];

/** What a call may carry, whichever route it is of. */
export type AnyCallInput = {
  params?: Readonly<Record<string, string>> | undefined;
  body?: unknown;
  query?: Readonly<Record<string, string | number>> | undefined;
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
};

const BASE_PATH = '/api';

/** `/cohorts/:cohortId` with its parameters and query filled in. @throws Error when a parameter is missing */
export function addressOf(
  path: string,
  params: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string | number>> = {},
): string {
  const filled = path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`The path ${path} needs ${name}.`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  ).toString();
  return `${BASE_PATH}${filled}${search === '' ? '' : `?${search}`}`;
}

/**
 * Calls one route of the contract and checks the answer against its schema.
 * @throws ApiError for every refusal, lost connection and answer that does not fit
 */
export async function call<N extends RouteName>(
  name: N,
  ...[input]: CallArguments<N>
): Promise<RouteResponse<N>> {
  const route = routes[name];
  const given: AnyCallInput = input ?? {};
  const answer = await send(addressOf(route.path, given.params, given.query), {
    method: route.method,
    body: given.body,
    signal: given.signal,
    idempotencyKey: given.idempotencyKey,
  });
  const parsed = route.response.safeParse(await readJson(answer));
  if (!parsed.success) {
    throw new ApiError({
      kind: 'unreadable',
      message: `The answer of ${name} does not fit.`,
      status: answer.status,
      cause: parsed.error,
    });
  }
  return parsed.data as RouteResponse<N>;
}

type Request = {
  method: string;
  body?: unknown;
  signal?: AbortSignal | undefined;
  idempotencyKey?: string | undefined;
};

/** One request to our own origin. @throws ApiError unless the server answered with success */
export async function send(
  address: string,
  { method, body, signal, idempotencyKey }: Request,
): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (method === 'POST') headers.set('idempotency-key', idempotencyKey ?? crypto.randomUUID());
  const answer = await reach(address, {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError({ kind: 'network', message: 'The server cannot be reached.', cause: error });
  }
}

async function refusal(answer: Response): Promise<ApiError> {
  const body: unknown = await answer.json().catch(() => null);
  const problem = problemSchema.safeParse(body);
  if (problem.success) return ApiError.refused(problem.data);
  // A gateway in front of a server that is starting again answers without a problem.
  const kind =
    answer.status === 502 || answer.status === 503 || answer.status === 504 ? 'network' : 'unreadable';
  return new ApiError({ kind, message: messageIn(body) ?? answer.statusText, status: answer.status });
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch (error) {
    throw new ApiError({
      kind: 'unreadable',
      message: 'The answer is not JSON.',
      status: answer.status,
      cause: error,
    });
  }
}

function messageIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('message' in body)) return null;
  return typeof body.message === 'string' ? body.message : null;
}
