import fs from 'node:fs';

/** Agents that this very process started. */
export function childAgents(): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = /\) \S (\d+)/.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return Number(parent) === process.pid && command.includes('--secret-fd');
      } catch {
        // It ended while we looked.
        return false;
      }
    });
}
