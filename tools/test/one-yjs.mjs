// Two copies of yjs break documents in ways that no test of one copy shows.
import fs from 'node:fs';
import { at } from '../setup/paths.mjs';

const { packages } = JSON.parse(fs.readFileSync(at('package-lock.json'), 'utf8'));
const copies = Object.keys(packages).filter((name) => /(^|\/)node_modules\/yjs$/.test(name));
if (copies.length !== 1) {
  process.stderr.write(
    `The lockfile has ${copies.length} copies of yjs: ${copies.join(', ')}. Use one version everywhere.\n`,
  );
  process.exit(1);
}
