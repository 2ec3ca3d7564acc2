import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The peer: `go run` of the same program in a directory of its own, with the build cache warm. */
export class GoRun {
  readonly goroot: string;
  readonly #dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-bench-go-'));
  readonly #env: NodeJS.ProcessEnv;

  constructor() {
    this.goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8', cwd: this.#dir }).trim();
    // The release itself, not the launcher that would look for it: the peer's best time.
    this.#env = { ...process.env, GOTOOLCHAIN: 'local', GOWORK: 'off', GOFLAGS: '' };
    fs.writeFileSync(path.join(this.#dir, 'go.mod'), 'module hello\n\ngo 1.27\n');
  }

  edit(text: string): void {
    fs.writeFileSync(path.join(this.#dir, 'main.go'), text);
  }

  /** Milliseconds from starting the command to the first byte of its standard output. */
  async firstOutputMs(): Promise<number> {
    const beganAt = performance.now();
    const child = spawn(path.join(this.goroot, 'bin', 'go'), ['run', '.'], {
      cwd: this.#dir,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const first = new Promise<number>((resolve) =>
      child.stdout.once('data', () => resolve(performance.now() - beganAt)),
    );
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject);
      child.once('close', () => reject(new Error(`go run printed nothing: ${errors}`)));
    });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const elapsedMs = await Promise.race([first, ended]);
    ended.catch(() => {});
    await exited;
    return elapsedMs;
  }

  remove(): void {
    fs.rmSync(this.#dir, { recursive: true, force: true });
  }
}
