import { spawn } from 'node:child_process';
import { freePort } from '../postgres.mjs';
import { at } from '../setup/paths.mjs';
import { agent, requireServerNode } from '../setup/prepare.mjs';
import { watchTree } from './watch-tree.mjs';

const isGoSource = (name) => /(\.go|\.s|go\.mod|go\.sum)$/.test(name);

/**
 * Vite for the client, with reloads, and a bundler that rebuilds the server on each change. The runner is built again
 * when its source changes; it and the curriculum are read by the server when that starts.
 */
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
  const watches = [];
  return {
    url: `http://127.0.0.1:${port}`,
    /** `changed` is called after what the server is made of has changed and is built. */
    onChange(changed) {
      watches.push(
        watchTree(at('apps/api/dist'), (name) => name === 'main.js', changed),
        watchTree(at('curriculum'), () => true, changed),
        watchTree(at('apps/runner'), isGoSource, rebuildsAgent(changed)),
      );
    },
    stop() {
      for (const stopWatching of watches) stopWatching();
      client.kill();
      server.kill();
    },
  };
}

/** One build at a time; what changes meanwhile is built after it. One that fails is told, and the old runner stays. */
function rebuildsAgent(changed) {
  let building = null;
  let again = false;
  const build = async () => {
    do {
      again = false;
      try {
        await agent();
        await changed();
      } catch (error) {
        process.stderr.write(`${error.message}\n`);
      }
    } while (again);
    building = null;
  };
  return () => {
    again = true;
    building ??= build();
  };
}
