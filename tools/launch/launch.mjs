import { spawnSync } from 'node:child_process';
import { startPostgres } from '../postgres.mjs';
import { agentBinary, dataDir } from '../setup/paths.mjs';
import { prepareAll, requireServerNode } from '../setup/prepare.mjs';
import { requireDisk, requireFreePort } from '../setup/requirements.mjs';
import { SetupError, step } from '../setup/step.mjs';
import { holdDataDir, makeDataDir } from './data-lock.mjs';
import { keepAlive } from './keep-alive.mjs';
import { startServer } from './server.mjs';
import { startWatching } from './watch.mjs';

/**
 * Prepares, starts PostgreSQL and the server, and keeps both running until `signal` aborts. `ends` gets the way to end
 * each part as soon as it is there.
 */
export async function launch({ options, signal, ends, end }) {
  const began = Date.now();
  const host = process.env.HOST || '127.0.0.1';
  const port = Number(process.env.PORT || 4600);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new SetupError('PORT has to be a number from 0 to 65535.');
  process.stdout.write('Lineage\n');
  const data = dataDir();
  makeDataDir(data);
  requireDisk(data, false);
  ends.push(holdDataDir(data));
  await requireFreePort(host, port);
  await prepareAll();
  signal.throwIfAborted();
  const database = await startDatabase({ data, signal, ends, end });
  const env = {
    DATABASE_URL: database.url,
    LINEAGE_DATA_DIR: data,
    LINEAGE_DEMO: options.demo ? '1' : '0',
    PORT: String(port),
    HOST: host,
  };
  signal.throwIfAborted();
  const watching = options.watch ? await startWatching(env) : null;
  if (watching !== null) ends.push(() => watching.stop());
  const node = requireServerNode();
  const serverEnv = watching === null ? env : { ...env, PUBLIC_URL: watching.url };
  let server = await step('start the server', () => startServer({ node, env: serverEnv, dataDir: data }));
  ends.push(() => server.stop());
  const restart = async () => {
    server = await startServer({ node, env: serverEnv, dataDir: data });
    return server;
  };
  const kept = keepAlive({
    name: 'The server',
    current: server,
    restart,
    signal,
    giveUp: givesUp(end),
    waitsForRenewal: watching !== null,
  });
  watching?.onChange(() => kept.renew());
  sayReady({ url: watching?.url ?? server.url, setupUrl: server.setupUrl, options, began });
}

/** The embedded PostgreSQL, kept on one port, unless DATABASE_URL names another. */
async function startDatabase({ data, signal, ends, end }) {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL };
  let database = await step('start PostgreSQL', () =>
    startPostgres({ dataDir: data, log: (text) => process.stdout.write(`    ${text}\n`) }),
  );
  ends.push(() => database.stop());
  const { port } = database;
  const restart = async () => (database = await startPostgres({ dataDir: data, port }));
  keepAlive({ name: 'PostgreSQL', current: database, restart, signal, giveUp: givesUp(end) });
  return database;
}

const givesUp = (end) => async (why) => {
  process.stderr.write(`${why}\n`);
  await end(1);
};

function sayReady({ url, setupUrl, options, began }) {
  const lines = [
    '',
    `  Lineage is ready: ${url}   (${((Date.now() - began) / 1000).toFixed(1)} s)`,
    `  ${isolation()}`,
  ];
  if (options.demo)
    lines.push(
      '  Demo: choose a person on the first page. `npm start -- --no-demo` starts an empty, real instance.',
    );
  if (setupUrl) lines.push(`  Open this once, within the hour, to make the first owner: ${setupUrl}`);
  lines.push('  Ctrl-C ends it; nothing saved is lost.', '');
  process.stdout.write(lines.join('\n'));
}

/** One sentence on how well learners' programs are isolated here. */
function isolation() {
  if (process.platform !== 'linux') {
    return 'Runs are off: they need Linux. Run Lineage in a Linux container or machine to switch them on.';
  }
  const probed = spawnSync(agentBinary, ['probe', '--json'], { encoding: 'utf8' });
  try {
    const { level, lacks } = JSON.parse(probed.stdout.trim().split('\n').at(-1) ?? '');
    return `Isolation of runs: ${level}${lacks ? ` (${lacks})` : ''}`;
  } catch {
    return 'Isolation of runs could not be probed; `apps/runner/bin/lineage-runner probe` says why.';
  }
}
