/** Something a person can mend: printed as it is, without a stack. */
export class SetupError extends Error {}

/** What to do when a disk filled up while something was written, in whoever's words it was said; null otherwise. */
export function diskFullSentence(error) {
  const isFull = /\bENOSPC\b|\bEDQUOT\b|no space left on device|disk quota exceeded/i.test(
    `${error?.code} ${error?.message}`,
  );
  if (!isFull) return null;
  const where = typeof error.path === 'string' ? ` (while writing ${error.path})` : '';
  return `The disk is full${where}. Free some space and start again: what was begun is done anew.`;
}

/** Says what is done and how long it took. Resolves to what `work` gives. */
export async function step(name, work) {
  const began = Date.now();
  const interactive = process.stdout.isTTY === true;
  process.stdout.write(interactive ? `  … ${name}` : `  … ${name}\n`);
  try {
    const result = await work();
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${interactive ? '\r\x1b[2K' : ''}  ✓ ${name}  ${seconds} s\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${interactive ? '\r\x1b[2K' : ''}  ✗ ${name}\n`);
    throw error;
  }
}
