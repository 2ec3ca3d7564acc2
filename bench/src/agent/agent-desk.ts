import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import {
  type ExecuteResponse,
  proofInterceptor,
  RunnerService,
  type StartSchema,
} from '@lineage/runner-protocol';
import type { Bench } from '../run-bench.ts';

const BINARY = path.resolve(import.meta.dirname, '../../../apps/runner/bin/lineage-runner');
const SECRET_BYTES = 32;

type Start = MessageInitShape<typeof StartSchema>;
export type Performed = {
  /** Milliseconds from the request to the event that was waited for. */
  readonly firstMs: number;
  readonly totalMs: number;
  readonly events: readonly ExecuteResponse[];
};

/** An agent of its own, asked as the server asks it: no room, no database, no browser. */
export class AgentDesk {
  readonly pid: number;
  readonly #client: Client<typeof RunnerService>;

  private constructor(client: Client<typeof RunnerService>, pid: number) {
    this.#client = client;
    this.pid = pid;
  }

  /** @throws Error when the agent ends before it is ready */
  static async open({ atEnd }: Bench): Promise<AgentDesk> {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-bench-agent-'));
    const socket = path.join(dir, 'agent.sock');
    const child = spawn(BINARY, ['serve', '--socket', socket, '--secret-fd', '3'], {
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    });
    const secret = randomBytes(SECRET_BYTES);
    (child.stdio[3] as Writable).end(secret);
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    atEnd(async () => {
      child.kill('SIGTERM');
      await exited;
      fs.rmSync(dir, { recursive: true, force: true });
    });
    await Promise.race([
      new Promise((resolve) =>
        createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', resolve),
      ),
      exited.then(() => Promise.reject(new Error('the agent did not start'))),
    ]);
    const transport = createConnectTransport({
      baseUrl: 'http://agent',
      httpVersion: '2',
      useBinaryFormat: true,
      interceptors: [proofInterceptor(secret)],
      nodeOptions: { createConnection: () => net.connect(socket) },
    });
    return new AgentDesk(createClient(RunnerService, transport), child.pid ?? 0);
  }

  /** Performs one run to its end. @throws Error when no event is `wanted`, unless none has to be */
  async perform(
    start: Start,
    wanted: (event: ExecuteResponse) => boolean,
    mustCome = true,
  ): Promise<Performed> {
    const beganAt = performance.now();
    let firstMs: number | null = null;
    const events: ExecuteResponse[] = [];
    for await (const event of this.#client.execute(
      (async function* () {
        yield { request: { case: 'start' as const, value: start } };
        yield { request: { case: 'stdin' as const, value: { close: true } } };
      })(),
    )) {
      if (firstMs === null && wanted(event)) firstMs = performance.now() - beganAt;
      events.push(event);
    }
    if (firstMs === null && mustCome)
      throw new Error(`the run ended otherwise: ${JSON.stringify(events.at(-1)?.event.value, bigints)}`);
    return { firstMs: firstMs ?? performance.now() - beganAt, totalMs: performance.now() - beganAt, events };
  }
}

const bigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

const encoder = new TextEncoder();

/** Files as the wire wants them. */
export const sourceFiles = (
  files: Readonly<Record<string, string>>,
): { path: string; content: Uint8Array<ArrayBuffer> }[] =>
  Object.entries(files).map(([name, text]) => ({ path: name, content: encoder.encode(text) }));
