/** The command line is wrong; nothing was started. */
export class UsageError extends Error {}

const usage = `npm start [-- --no-demo]    start Lineage; --no-demo: an empty, real instance
npm run dev                 the same, rebuilding on every change`;

/** @throws UsageError */
export function parseArguments([mode = 'start', ...flags]) {
  if (mode !== 'start' && mode !== 'dev') throw new UsageError(`"${mode}" is not a way to start.\n${usage}`);
  const unknown = flags.find((flag) => flag !== '--no-demo');
  if (unknown !== undefined) throw new UsageError(`"${unknown}" is not an option.\n${usage}`);
  return { watch: mode === 'dev', demo: !flags.includes('--no-demo') };
}
