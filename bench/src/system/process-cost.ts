import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

/** Of the clock that /proc counts in: `getconf CLK_TCK`, the same on every Linux of today. */
const TICK_MS = 10;
const KIB_OF_MIB = 1024;

/** Milliseconds of processor time that these processes used so far, in the kernel for them included. */
export const cpuMs = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);

function cpuMsOf(pid: number): number {
  const { utime, stime } = timesOf(pid);
  return (utime + stime) * TICK_MS;
}

/** The same of a process and of those children that have ended and been waited for. */
export function cpuWithEndedMs(pid: number): number {
  const { utime, stime, cutime, cstime } = timesOf(pid);
  return (utime + stime + cutime + cstime) * TICK_MS;
}

/** `cpuWithEndedMs` and what the children that it has now used so far. */
export const familyCpuMs = (pid: number): number => cpuWithEndedMs(pid) + cpuMs(childrenOf(pid));

function timesOf(pid: number): { utime: number; stime: number; cutime: number; cstime: number } {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name in brackets, which may hold spaces: state is field 3, utime 14, stime 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15).map(Number);
  return { utime, stime, cutime, cstime };
}

/** Memory that a process has in use, and the most it had since it began or `forgetPeak`. */
export function memoryMiB(pid: number): { now: number; peak: number } {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / KIB_OF_MIB;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** The peak of `memoryMiB` counts from now on. */
export const forgetPeak = (pid: number): void => fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** Processes whose parent this is. */
function childrenOf(pid: number): number[] {
  const found = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return found.trim().split(/\s+/).map(Number);
}
