import os from 'node:os';

/** What the figures were measured on; load averages are of the last minute. */
export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly loadBefore: number;
  readonly loadAfter: number;
};

export const loadNow = (): number => round(os.loadavg()[0] ?? 0);

export function describeMachine(loadBefore: number): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: round(os.totalmem() / 1024 ** 3),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.versions.node,
    loadBefore,
    loadAfter: loadNow(),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
