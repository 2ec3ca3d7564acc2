// The bill of materials of the server and the client, as CycloneDX: `node tools/sbom.mjs FILE`. npm makes it from the lock
// file, without anything installed. That of the agent is made beside it, from the binary (infra/images/Dockerfile).
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { at } from './setup/paths.mjs';

/** What is in the images: a bundle has its packages compiled in, so that no scanner would find them. */
const SHIPPED = ['apps/api', 'apps/web'];

/** The document, the same for the same lock file: npm gives each of its own a number and a time. */
export function npmBill() {
  const made = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], {
    cwd: at(),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  const { serialNumber: _, ...bill } = JSON.parse(made);
  const { timestamp: __, component, ...metadata } = bill.metadata;
  const isShipped = shipped(bill.dependencies);
  return {
    ...bill,
    // npm says the folder's name.
    metadata: { ...metadata, component: { ...component, type: 'application', name: 'lineage' } },
    components: [...bill.components.filter((one) => isShipped.has(one['bom-ref'])), node()],
    dependencies: bill.dependencies
      .filter(({ ref }) => isShipped.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((on) => isShipped.has(on)) })),
  };
}

/**
 * References of what the images need. npm's own `--omit=dev` leaves out whatever anybody needs for development, although
 * the server needs it too (11.19: ws, yjs, pg).
 */
function shipped(dependencies) {
  const { packages } = JSON.parse(fs.readFileSync(at('package-lock.json'), 'utf8'));
  const own = new Map();
  // An optional peer is in npm's graph too, where somebody develops with it. Of some packages there are several copies.
  const installed = new Set();
  for (const [folder, { name, version, dependencies: needs = {}, ...flags }] of Object.entries(packages)) {
    if (flags.dev === true || flags.optional === true || flags.devOptional === true) continue;
    installed.add(`${name ?? folder.split('node_modules/').at(-1)}@${version}`);
    if (!folder.includes('node_modules/')) own.set(`${name}@${version}`, needs);
  }
  const graph = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const seen = new Set();
  const visit = (ref) => {
    if (seen.has(ref) || !installed.has(ref)) return;
    seen.add(ref);
    // Of our own packages npm's graph has what they are developed with, too.
    const needs = own.get(ref);
    for (const on of graph.get(ref) ?? [])
      if (needs === undefined || on.slice(0, on.lastIndexOf('@')) in needs) visit(on);
  };
  for (const folder of SHIPPED) visit(`${packages[folder].name}@${packages[folder].version}`);
  return seen;
}

/** What the image has from its base and no lock file names: the server runs on the Node that makes this document. */
function node() {
  const { node: version } = process.versions;
  return {
    'bom-ref': `node@${version}`,
    type: 'application',
    name: 'node',
    version,
    purl: `pkg:generic/node@${version}`,
    licenses: [{ license: { id: 'MIT' } }],
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , file] = process.argv;
  if (file === undefined) throw new Error('name the file to write');
  fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(npmBill(), null, 2)}\n`);
}
