import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { z } from 'zod';
import { log } from '../../../platform/logging/index.ts';

const SECRET_BYTES = 32;
/** Probing every layer of isolation takes well under a second. */
const READY_DEADLINE_MS = 20_000;
const STOP_GRACE_MS = 6_000;
const LAST_WORDS_CHARS = 2_000;

const readySchema = z.object({
  event: z.literal('ready'),
  level: z.string(),
  lacks: z.string(),
  goVersion: z.string(),
});

export type AgentOptions = {
  readonly binary: string;
  readonly minLevel: string;
  readonly runSlots: number;
  /** What was prepared is found there; null for the usual place. */
  readonly cacheHome: string | null;
  /** Runs have their directories there; null leaves the choice to the agent. */
  readonly workHome: string | null;
};

/** A running agent: its socket, the secret that both sides prove, and when it ended. */
export type AgentProcess = {
  readonly socket: string;
  readonly secret: Uint8Array;
  readonly level: string;
  readonly lacks: string;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
};

/**
 * Starts the agent and waits until it listens. It ends by itself when this process does, because its stdin closes.
 * @throws Error with the agent's last words, a sentence for an operator
 */
export async function startAgent({
  binary,
  minLevel,
  runSlots,
  cacheHome,
  workHome,
}: AgentOptions): Promise<AgentProcess> {
  if (!fs.existsSync(binary))
    throw new Error(`There is no runner at ${path.basename(binary)}; \`npm start\` builds it.`);
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-agent-'));
  const socket = path.join(dir, 'agent.sock');
  const args = [
    'serve',
    '--socket',
    socket,
    '--secret-fd',
    '3',
    '--run-slots',
    String(runSlots),
    '--min-level',
    minLevel,
  ];
  const child = spawn(binary, args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: agentEnvironment(cacheHome, workHome),
  });
  const secret = randomBytes(SECRET_BYTES);
  (child.stdio[3] as Writable).on('error', () => undefined).end(secret);
  child.stdin?.on('error', () => undefined);
  const words = lastWords(child);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(words() || `The agent ended (${signal ?? `status ${code}`}).`),
    );
  }).finally(() => fs.rmSync(dir, { recursive: true, force: true }));
  try {
    const { level, lacks } = await ready(child, ended);
    return { socket, secret, level, lacks, ended, stop: () => stop(child, ended) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** The agent builds and isolates; it needs to find Go's cache and a shell's tools, and no setting of ours. */
function agentEnvironment(cacheHome: string | null, workHome: string | null): NodeJS.ProcessEnv {
  const home = os.homedir();
  return {
    HOME: home,
    PATH: '/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    ...(cacheHome === null ? {} : { XDG_CACHE_HOME: cacheHome }),
    ...(workHome === null ? {} : { TMPDIR: workHome }),
  };
}

function ready(child: ChildProcess, ended: Promise<string>): Promise<z.output<typeof readySchema>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The runner did not become ready.')), READY_DEADLINE_MS);
    if (child.stdout === null) return reject(new Error('The runner has no output.'));
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      try {
        resolve(readySchema.parse(JSON.parse(line)));
      } catch (cause) {
        reject(new Error('The runner said something else than that it is ready.', { cause }));
      }
    });
    void ended.then((why) => {
      clearTimeout(timer);
      reject(new Error(why));
    });
  });
}

/** The agent's own log is passed on as a fact; its end is kept to say why it died. */
function lastWords(child: ChildProcess): () => string {
  let kept = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    kept = (kept + chunk.toString()).slice(-LAST_WORDS_CHARS);
    log.warn({ agent: chunk.toString().slice(0, LAST_WORDS_CHARS) }, 'runner agent');
  });
  return () => kept.trim();
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.stdin?.end();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(timer);
}
