import { execFileSync } from 'node:child_process';
import { killServer } from '@lineage/system';

export const victims = ['API', 'PostgreSQL'] as const;
export type Victim = (typeof victims)[number];

/** Ends a part of the system as `kill -9` does; the launcher starts it again. */
export function kill(victim: Victim, launcherPid: number): void {
  if (victim === 'API') killServer(launcherPid);
  else process.kill(databasePid(launcherPid), 'SIGKILL');
}

function databasePid(launcherPid: number): number {
  const found = execFileSync('pgrep', ['-P', String(launcherPid), '-f', 'bin/postgres -D'], {
    encoding: 'utf8',
  });
  const pid = Number(found.trim());
  if (!Number.isInteger(pid) || pid <= 1) throw new Error('the embedded PostgreSQL was not found');
  return pid;
}
