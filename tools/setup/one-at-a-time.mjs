import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 200;

/**
 * Waits until the command that an earlier or another start began is over, then lets `work` begin one. `work` gets a
 * function to name its process, so that a start which finds it, even after its parent was killed, waits for it.
 */
export async function oneAtATime(pidFile, work) {
  fs.mkdirSync(path.dirname(pidFile), { recursive: true });
  while (!claim(pidFile)) await delay(LOOK_AGAIN_MS);
  try {
    return await work((pid) => fs.writeFileSync(pidFile, String(pid)));
  } finally {
    fs.rmSync(pidFile, { force: true });
  }
}

function claim(pidFile) {
  try {
    fs.writeFileSync(pidFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = fs.existsSync(pidFile) ? Number(fs.readFileSync(pidFile, 'utf8')) : 0;
  if (!isAlive(holder)) fs.rmSync(pidFile, { force: true });
  return false;
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
