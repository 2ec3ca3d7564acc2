import { setTimeout as delay } from 'node:timers/promises';

/** A process that ends by itself is started again, but not one that cannot stay up. */
const MOST_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;
const RESTART_PAUSE_MS = 250;

/**
 * Keeps one process ({ exited, stop }) running until `signal` aborts: `restart` starts the next one. Gives up, by
 * `giveUp`, when it does not stay up or cannot be started; with `waitsForRenewal` a start that failed is only told, and
 * tried again at the next renewal.
 * @returns { renew } to have it started again because what it is made of has changed
 */
export function keepAlive({ name, current, restart, signal, giveUp, waitsForRenewal = false, say = print }) {
  const ends = [];
  let running = current;
  let isStale = false;
  let renewed = deferred();

  const runsTooBriefly = () => {
    const now = Date.now();
    ends.push(now);
    while (now - ends[0] > RESTART_WINDOW_MS) ends.shift();
    return ends.length > MOST_RESTARTS;
  };

  const startNext = async () => {
    for (;;) {
      isStale = false;
      renewed = deferred();
      try {
        return await restart();
      } catch (error) {
        if (signal.aborted || !waitsForRenewal) throw error;
        say(`${name} could not be started again: ${error.message}\nIt is tried again at the next change.`);
        await renewed.promise;
      }
    }
  };

  const watch = async () => {
    for (;;) {
      const how = await running.exited;
      if (signal.aborted) return;
      if (!isStale) {
        if (runsTooBriefly()) {
          await giveUp(
            `${name} ended ${ends.length} times within a minute; its log is in the data directory.`,
          );
          return;
        }
        say(`${name} ended (${how.signal ?? `status ${how.code}`}) and is started again.`);
        await delay(RESTART_PAUSE_MS);
        if (signal.aborted) return;
      }
      running = await startNext();
      say(`${name} runs again.`);
      // What came while it was being started is not in it.
      if (isStale) void running.stop();
    }
  };
  watch().catch(async (error) => {
    if (!signal.aborted) await giveUp(`${name} could not be started again. ${error.message}`);
  });

  return {
    renew() {
      isStale = true;
      renewed.resolve();
      return running.stop();
    },
  };
}

function deferred() {
  let resolve = null;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

const print = (text) => process.stdout.write(`${text}\n`);
