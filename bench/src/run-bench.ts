import { startSystem, type System } from '@lineage/system';
import { loadNow } from './report/machine.ts';
import { publish, type Row } from './report/report.ts';

export type Bench = {
  /** A Lineage of its own, as `npm start` starts it, with a port and a data directory of its own, and with settings. */
  readonly system: (env?: Readonly<Record<string, string>>) => Promise<System>;
  /** Called at the end, the last one first, also when the benchmark fails or is interrupted. */
  readonly atEnd: (end: () => unknown) => void;
  readonly say: (line: string) => void;
};
export type Measured = {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  /** What must never be, and was: the figures are written all the same, and the exit status is 1. */
  readonly failure?: string;
};

/**
 * Runs `measure`, prints and writes what it found, and ends everything it started. Exit status 1 when it
 * throws or names a failure; a target of speed that was missed is in the figures and is no failure.
 */
export async function runBench(name: string, measure: (bench: Bench) => Promise<Measured>): Promise<void> {
  const ends: (() => unknown)[] = [];
  const endAll = async (): Promise<void> => {
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
  };
  const interrupted = (): void => void endAll().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const loadBefore = loadNow();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const system: Bench['system'] = async (env) => {
    say('starting Lineage');
    const started = await startSystem([], env);
    ends.push(() => started.stop());
    return started;
  };
  try {
    const measured = await measure({ system, atEnd: (end) => void ends.push(end), say });
    publish(name, loadBefore, measured);
    if (measured.failure !== undefined) {
      say(measured.failure);
      process.exitCode = 1;
    }
  } finally {
    await endAll();
  }
  // What a library still holds open must not keep a finished benchmark alive.
  process.exit();
}

/** The whole number given as `--name N` or `--name=N`, else `fallback`. */
export function numberFlag(name: string, fallback: number): number {
  const args = process.argv.slice(2).flatMap((arg) => arg.split('='));
  const at = args.indexOf(`--${name}`);
  if (at === -1) return fallback;
  const value = Number(args[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} wants a whole number from 1`);
  return value;
}
