import https from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { ClusterAccess } from './cluster-access.ts';

/** A healthy API server answers in milliseconds; one that does not is asked again by whoever needs the answer. */
const CALL_DEADLINE_MS = 10_000;
/** A list of a few thousand pods; more is no answer of an API server that we know. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
/** Calls at once; the watch has a connection of its own. */
const MOST_CONNECTIONS = 16;

/** The API server answered with an error. `reason` is one of its own words, for example `AlreadyExists`. */
export class ClusterError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    /** What a server that is too busy asks us to wait; 0 when it did not say. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

type Query = Readonly<Record<string, string | number | boolean>>;
type Call = {
  readonly method?: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
};

/**
 * The few calls of the Kubernetes API that a pool needs, over HTTPS. Answers are whatever the server says: callers check
 * them. Nothing is repeated here, since only the caller knows whether that is safe.
 */
export class ClusterClient {
  readonly #access: ClusterAccess;
  readonly #tls: https.AgentOptions;
  readonly #agent: https.Agent;

  constructor(access: ClusterAccess) {
    this.#access = access;
    const { ca, clientCertificate } = access;
    this.#tls = {
      ...(ca === undefined ? {} : { ca }),
      ...(clientCertificate === null ? {} : clientCertificate),
    };
    this.#agent = new https.Agent({ ...this.#tls, keepAlive: true, maxSockets: MOST_CONNECTIONS });
  }

  get(path: string, query: Query = {}): Promise<unknown> {
    return this.#json(path, { query });
  }

  create(path: string, body: unknown, query: Query = {}): Promise<unknown> {
    return this.#json(path, { method: 'POST', body, query });
  }

  /** A JSON patch (RFC 6902): a `test` that does not hold changes nothing and is a ClusterError. */
  patch(path: string, operations: readonly unknown[]): Promise<unknown> {
    const contentType = 'application/json-patch+json';
    return this.#json(path, { method: 'PATCH', body: operations, contentType });
  }

  /** What is gone already is deleted. `preconditions` refuse when the name is another object by now, or it was changed. */
  async delete(
    path: string,
    preconditions: { uid: string; resourceVersion?: string } | null = null,
  ): Promise<void> {
    const body = preconditions === null ? undefined : { preconditions };
    try {
      await this.#json(path, { method: 'DELETE', body });
    } catch (error) {
      if (!(error instanceof ClusterError && error.status === 404)) throw error;
    }
  }

  async text(path: string, query: Query = {}): Promise<string> {
    return (await this.#read(path, { query })).toString('utf8');
  }

  /** The lines of a watch until the server ends it. Aborting `signal` throws. A connection of its own each time. */
  async *watch(path: string, query: Query, signal: AbortSignal): AsyncGenerator<string> {
    const agent = new https.Agent(this.#tls);
    try {
      const answer = await this.#send(path, { query: { ...query, watch: true }, signal }, agent);
      if (answer.statusCode !== 200) throw refusal(answer, await collect(answer));
      let rest = '';
      for await (const chunk of answer.setEncoding('utf8')) {
        rest += chunk as string;
        if (rest.length > MOST_ANSWER_BYTES) throw new Error('the watch sent a line without an end');
        for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
          yield rest.slice(0, end);
          rest = rest.slice(end + 1);
        }
      }
    } finally {
      agent.destroy();
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #json(path: string, call: Call): Promise<unknown> {
    return JSON.parse((await this.#read(path, call)).toString('utf8')) as unknown;
  }

  async #read(path: string, call: Call): Promise<Buffer> {
    const signal = AbortSignal.timeout(CALL_DEADLINE_MS);
    const answer = await this.#send(path, { ...call, signal }, this.#agent);
    const body = await collect(answer);
    if ((answer.statusCode ?? 500) >= 300) throw refusal(answer, body);
    return body;
  }

  #send(path: string, call: Call, agent: https.Agent): Promise<IncomingMessage> {
    const { method = 'GET', query = {}, body, contentType = 'application/json', signal } = call;
    const url = new URL(path, this.#access.server);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const text = body === undefined ? null : Buffer.from(JSON.stringify(body));
    const token = this.#access.token();
    const headers = {
      accept: 'application/json',
      'user-agent': 'lineage',
      ...(text === null ? {} : { 'content-type': contentType, 'content-length': text.length }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    return new Promise((resolve, reject) => {
      const request = https.request(url, {
        method,
        agent,
        headers,
        ...(signal === undefined ? {} : { signal }),
      });
      request.once('response', resolve).on('error', reject);
      request.end(text ?? undefined);
    });
  }
}

async function collect(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_ANSWER_BYTES) throw new Error('the API server answered more than we take');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** The server's own words where it has any (a `Status` object), else its number. */
function refusal(answer: IncomingMessage, body: Buffer): ClusterError {
  const status = answer.statusCode ?? 500;
  const retryAfterMs = Number(answer.headers['retry-after'] ?? 0) * 1000 || 0;
  try {
    const { reason, message } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    return new ClusterError(status, String(reason ?? ''), String(message ?? ''), retryAfterMs);
  } catch {
    return new ClusterError(status, '', `the API server answered ${status}`, retryAfterMs);
  }
}
