import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The API server of the test's own one-node cluster, which lives in the namespaces of the node's first process. */
export class ClusterApiServer {
  readonly #node: string;

  constructor(nodePid = process.env['LINEAGE_CLUSTER_NODE_PID'] ?? '') {
    if (!/^\d+$/.test(nodePid)) throw new Error('LINEAGE_CLUSTER_NODE_PID does not name the node');
    this.#node = nodePid;
  }

  /** SIGKILL, and another one with the same arguments: the cluster itself starts none. */
  async kill(downMs: number): Promise<void> {
    const pid = this.#pid();
    const list = (file: string): string[] =>
      fs.readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').filter(Boolean);
    const [command, environment] = [list('cmdline'), list('environ')];
    process.kill(pid, 'SIGKILL');
    await sleep(downMs);
    // Handed to the node's first process: it ends with the node, and nobody here has to wait for it.
    const within = ['-t', this.#node, '-m', '-u', '-i', '-n', '-p', '--', 'setsid', '--fork'];
    const started = spawn('nsenter', [...within, ...command], {
      cwd: '/',
      env: Object.fromEntries(
        environment.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
      ),
      stdio: 'ignore',
    });
    const [status] = (await once(started, 'exit')) as [number | null];
    if (status !== 0) throw new Error(`the API server was not started again: ${status}`);
  }

  /** It takes connections, and says nothing. */
  async pause(ms: number): Promise<void> {
    const pid = this.#pid();
    process.kill(pid, 'SIGSTOP');
    await sleep(ms);
    process.kill(pid, 'SIGCONT');
  }

  #pid(): number {
    const namespace = (pid: string): string => fs.readlinkSync(`/proc/${pid}/ns/pid`);
    const ours = namespace(this.#node);
    for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const [program = ''] = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        if (path.basename(program) === 'kube-apiserver' && namespace(pid) === ours) return Number(pid);
      } catch {
        // It ended while we looked.
      }
    }
    throw new Error('the cluster has no API server');
  }
}
