import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { neededFolders } from '../locked-packages.mjs';
import { at } from '../setup/paths.mjs';
import { requireServerNode, serverBundle } from '../setup/prepare.mjs';
import { run } from '../setup/run.mjs';

export const API_IMAGE = 'localhost/lineage-api:test';

/**
 * An image of the server, at the paths of infra/images: the bundle, the packages that it needs, and this machine's Node with
 * the libraries it is linked to. Without the client, which no test on the cluster looks at. Resolves to its file.
 */
export async function apiImage(clusterDir) {
  await serverBundle();
  const node = requireServerNode();
  // Whoever has a package has what is nested in it.
  const packages = neededFolders('apps/api').filter((folder) => folder.startsWith('node_modules/'));
  const outermost = packages.filter((folder) => !packages.some((other) => folder.startsWith(`${other}/`)));
  const shipped = [...outermost, 'package.json', 'apps/api/package.json', 'apps/api/dist', 'curriculum'];
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-image-'));
  const file = path.join(dir, 'api.tar');
  const data = path.join(dir, 'data');
  fs.mkdirSync(data);
  const config = {
    Entrypoint: ['/usr/local/bin/node', '--enable-source-maps', 'apps/api/dist/main.js'],
    User: '65532:65532',
    WorkingDir: '/app',
    Env: ['NODE_ENV=production', 'LINEAGE_ROOT=/app', 'LINEAGE_DATA_DIR=/data', 'HOST=0.0.0.0'],
  };
  await run('python3', [
    path.join(clusterDir, 'mkimage.py'),
    file,
    API_IMAGE,
    JSON.stringify(config),
    `${node}=/usr/local/bin/node`,
    ...sharedLibraries(node).map((library) => `${fs.realpathSync(library)}=${library}`),
    '/etc/nsswitch.conf=/etc/nsswitch.conf',
    `${data}=/data`,
    ...shipped.map((name) => `${at(name)}=/app/${name}`),
  ]);
  return file;
}

/** As ldd says them: each by the path that the loader looks for. */
function sharedLibraries(program) {
  const said = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...said.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, file]) => file);
}
