// `npm start` and `npm run dev`. Runs on the system's Node before anything is installed, so it depends on nothing.
import { parseArguments, UsageError } from './launch/arguments.mjs';
import { requireNode } from './setup/requirements.mjs';
import { endCommands } from './setup/run.mjs';
import { diskFullSentence, SetupError } from './setup/step.mjs';

/** The ways to end what was started, the last one first. */
const ends = [];
let launching = null;
const stopped = new AbortController();

async function main() {
  // Before anything that an old Node has not.
  requireNode();
  const options = parseArguments(process.argv.slice(2));
  process.on('SIGINT', () => end(130));
  process.on('SIGTERM', () => end(143));
  const { launch } = await import('./launch/launch.mjs');
  launching = launch({ options, signal: stopped.signal, ends, end });
  await launching;
}

/** Ends everything this process started, then itself. A second call changes nothing. */
async function end(code) {
  if (stopped.signal.aborted) return;
  stopped.abort();
  endCommands();
  try {
    // What is being started has to be there before it can be ended.
    await launching?.catch(() => {});
    for (const endOne of ends.reverse()) await endOne();
  } finally {
    process.exit(code);
  }
}

main().catch(async (error) => {
  if (stopped.signal.aborted) return;
  const isTold =
    error instanceof SetupError ||
    error instanceof UsageError ||
    error?.constructor?.name === 'PostgresError';
  process.stderr.write(`\n${diskFullSentence(error) ?? (isTold ? error.message : error.stack)}\n`);
  await end(error instanceof UsageError ? 2 : 1);
});
