/** Something a person can mend: printed as it is, without a stack. */
export class SetupError extends Error {}

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
