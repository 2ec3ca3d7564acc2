import fs from 'node:fs';
import path from 'node:path';

/** The clone. */
export const root = path.resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');

/** A path in the clone. */
export const at = (...parts) => path.join(root, ...parts);

/** Where this instance keeps its database and secrets. */
export const dataDir = () => path.resolve(root, process.env.LINEAGE_DATA_DIR || '.lineage');

/** The runner agent, as built in this clone. */
export const agentBinary = at('apps/runner/bin/lineage-runner');
/** The first process of its slots, which it finds beside itself. */
export const slotBinary = at('apps/runner/bin/lineage-slot');

/** The Node that the server and the tests run on: the packaged 24, else this one when it is new enough. */
export function serverNode() {
  const packaged = at('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (fs.existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return null;
}
