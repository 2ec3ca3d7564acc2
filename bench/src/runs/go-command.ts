import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The peer: the go command on a module in a directory of its own, with the build cache warm and nothing isolated. */
export class GoCommand {
  readonly goroot: string;
  readonly #dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-bench-go-'));
  readonly #env: NodeJS.ProcessEnv;

  constructor() {
    this.goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8', cwd: this.#dir }).trim();
    // The release itself, not the launcher that would look for it: the peer's best time.
    this.#env = { ...process.env, GOTOOLCHAIN: 'local', GOWORK: 'off', GOFLAGS: '' };
  }

  get release(): string {
    return this.goroot.split('/').at(-1) ?? '';
  }

  edit(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const at = path.join(this.#dir, name);
      fs.mkdirSync(path.dirname(at), { recursive: true });
      fs.writeFileSync(at, text);
    }
  }

  /** Milliseconds from starting the command to the first byte on one of its outputs. */
  async firstOutputMs(args: readonly string[], stream: 'stdout' | 'stderr' = 'stdout'): Promise<number> {
    const beganAt = performance.now();
    const child = spawn(path.join(this.goroot, 'bin', 'go'), args, {
      cwd: this.#dir,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const output of [child.stdout, child.stderr])
      output.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const first = new Promise<number>((resolve) =>
      child[stream].once('data', () => resolve(performance.now() - beganAt)),
    );
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject);
      void exited.then(() => reject(new Error(`go ${args.join(' ')} wrote nothing to ${stream}: ${said}`)));
    });
    ended.catch(() => {});
    const elapsedMs = await Promise.race([first, ended]);
    await exited;
    return elapsedMs;
  }

  /** Milliseconds until the command has ended well. @throws Error with what it said when it has not */
  async wholeMs(args: readonly string[]): Promise<number> {
    const beganAt = performance.now();
    const child = spawn(path.join(this.goroot, 'bin', 'go'), args, {
      cwd: this.#dir,
      env: this.#env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (status !== 0) throw new Error(`go ${args.join(' ')} failed: ${said}`);
    return performance.now() - beganAt;
  }

  remove(): void {
    fs.rmSync(this.#dir, { recursive: true, force: true });
  }
}
