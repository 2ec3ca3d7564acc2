import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { SetupError } from './step.mjs';

const MIN_NODE = [20, 19];
const MIN_GO = [1, 21];
/** What a first install, the Go toolchain and a new database need together, with room to spare. */
const FIRST_START_BYTES = 3 * 1024 ** 3;
/** Below this PostgreSQL soon cannot write its log, and edits could not be saved. */
const LATER_START_BYTES = 256 * 1024 ** 2;

/** @throws SetupError naming what to install */
export function requireNode() {
  const have = process.versions.node.split('.').map(Number);
  if (older(have, MIN_NODE)) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: Lineage needs Node 20.19 or newer. Install one from https://nodejs.org and start again.`,
    );
  }
}

/** @throws SetupError naming what to install */
export function requireGo() {
  const asked = spawnSync('go', ['env', 'GOVERSION'], {
    encoding: 'utf8',
    env: { ...process.env, GOTOOLCHAIN: 'local' },
  });
  if (asked.error !== undefined || asked.status !== 0) {
    throw new SetupError(
      'Go was not found: Lineage needs Go 1.21 or newer on the PATH (it fetches the exact release it teaches by itself). Install it from https://go.dev/dl and start again.',
    );
  }
  const version = /go(\d+)\.(\d+)/.exec(asked.stdout);
  if (version !== null && older([Number(version[1]), Number(version[2])], MIN_GO)) {
    throw new SetupError(
      `${asked.stdout.trim()} is too old: Lineage needs Go 1.21 or newer. Install it from https://go.dev/dl and start again.`,
    );
  }
}

/** `dir` has to be there. @throws SetupError when its disk is nearly full */
export function requireDisk(dir, isFirst) {
  const { bavail, bsize } = fs.statfsSync(dir);
  const need = isFirst ? FIRST_START_BYTES : LATER_START_BYTES;
  if (bavail * bsize >= need) return;
  throw new SetupError(
    `The disk of ${dir} has ${mebibytes(bavail * bsize)} MiB free and ${mebibytes(need)} MiB are needed. Free some space and start again; nothing was changed.`,
  );
}

/** @throws SetupError when another program listens there */
export async function requireFreePort(host, port) {
  await new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error) => reject(new SetupError(portProblem(error, host, port))));
    server.listen(port, host, () => server.close(resolve));
  });
}

function portProblem(error, host, port) {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} is taken by another program. Choose another one, for example: PORT=${Number(port) + 1} npm start`;
  }
  if (error.code === 'EACCES') return `Port ${port} may not be opened by this user. Choose one above 1023.`;
  return `${host}:${port} cannot be listened on (${error.code}). Check HOST and PORT.`;
}

const older = (have, need) => have[0] < need[0] || (have[0] === need[0] && have[1] < need[1]);
const mebibytes = (bytes) => Math.round(bytes / 1024 ** 2);
