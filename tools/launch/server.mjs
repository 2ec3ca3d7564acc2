import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { at, root } from '../setup/paths.mjs';
import { SetupError } from '../setup/step.mjs';

/** The server drains sockets and runs in less; after this it is killed. */
const STOP_GRACE_MS = 10_000;

/**
 * Starts the server process. Resolves once it listens, to { url, setupUrl, exited, stop }; its log is `server.log` in
 * the data directory.
 * @throws SetupError with the server's last words
 */
export function startServer({ node, env, dataDir }) {
  const logFile = path.join(dataDir, 'server.log');
  const log = fs.openSync(logFile, 'a', 0o600);
  const child = spawn(node, ['--enable-source-maps', at('apps/api/dist/main.js')], {
    cwd: root,
    env: { ...process.env, ...env, LINEAGE_ROOT: root, NODE_ENV: 'production' },
    stdio: ['ignore', log, 'pipe', 'ipc'],
    // An interrupt in the terminal reaches us alone; we end the server in order.
    detached: true,
  });
  let lastWords = '';
  child.stderr.on('data', (chunk) => {
    lastWords = (lastWords + chunk).slice(-4000);
    fs.writeSync(log, chunk);
  });
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  child.once('exit', () => child.stderr.once('close', () => fs.closeSync(log)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.on('message', (message) => {
      if (message?.type === 'ready')
        resolve({ ...message, pid: child.pid, exited, stop: () => stop(child, exited) });
    });
    void exited.then(() =>
      reject(new SetupError(`The server did not start. ${lastWords.trim() || `Its log is ${logFile}.`}`)),
    );
  });
}

async function stop(child, exited) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await exited;
  clearTimeout(timer);
}
