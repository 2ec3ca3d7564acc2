import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { freePort } from '../postgres.mjs';
import { at } from '../setup/paths.mjs';
import { requireServerNode } from '../setup/prepare.mjs';

/** The bundler writes several files for one change. */
const SETTLE_MS = 150;

/** Vite for the client, with reloads, and a bundler that rebuilds the server on each change. */
export async function startWatching(env) {
  const node = requireServerNode();
  const vite = at('node_modules/vite/bin/vite.js');
  const port = await freePort();
  const client = spawn(node, [vite, '--port', String(port), '--strictPort', '--host', '127.0.0.1'], {
    cwd: at('apps/web'),
    env: { ...process.env, LINEAGE_API: `http://127.0.0.1:${env.PORT}` },
    stdio: 'inherit',
    detached: true,
  });
  const server = spawn(node, [vite, 'build', '--watch', '--logLevel', 'warn'], {
    cwd: at('apps/api'),
    stdio: 'inherit',
    detached: true,
  });
  let watcher = null;
  return {
    url: `http://127.0.0.1:${port}`,
    onServerChange(changed) {
      let timer = null;
      watcher = fs.watch(at('apps/api/dist'), (_, name) => {
        if (name !== 'main.js') return;
        clearTimeout(timer);
        timer = setTimeout(changed, SETTLE_MS);
      });
    },
    stop() {
      watcher?.close();
      client.kill();
      server.kill();
    },
  };
}
