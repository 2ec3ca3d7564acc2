import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { at } from './paths.mjs';
import { requireFreePort } from './requirements.mjs';
import { diskFullSentence } from './step.mjs';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-start-'));
after(() => fs.rmSync(dir, { recursive: true, force: true }));

/** What `npm start` says and leaves when it finds this on the machine. */
function start(env, ...nodeOptions) {
  const data = path.join(dir, 'data');
  const { status, stderr } = spawnSync(process.execPath, [...nodeOptions, at('tools/start.mjs'), 'start'], {
    encoding: 'utf8',
    env: { HOME: os.homedir(), PORT: '0', LINEAGE_DATA_DIR: data, ...env },
  });
  return { status, said: stderr.trim(), left: fs.existsSync(data) ? fs.readdirSync(data) : [] };
}

test('no Go, or one that is too old, is one sentence that says what to do', () => {
  const goes = path.join(dir, 'bin');
  fs.mkdirSync(goes);
  const none = start({ PATH: goes });
  assert.deepEqual([none.status, none.left], [1, []]);
  assert.match(none.said, /^Go was not found: .*https:\/\/go\.dev\/dl and start again\.$/);
  fs.writeFileSync(path.join(goes, 'go'), '#!/bin/sh\necho go1.20.14\n', { mode: 0o755 });
  const old = start({ PATH: `${goes}:/usr/bin:/bin` });
  assert.deepEqual([old.status, old.left], [1, []]);
  assert.match(old.said, /^go1\.20\.14 is too old: .* and start again\.$/);
});

test('a Node that is too old is told before anything is made', () => {
  // Stands in for the running Node alone: what came later than 16 is missing too.
  const older = path.join(dir, 'older.mjs');
  fs.writeFileSync(
    older,
    `import fs from 'node:fs';
     Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '16.20.2' } });
     delete fs.statfsSync;`,
  );
  const { status, said, left } = start({ PATH: '/usr/bin:/bin' }, '--import', older);
  assert.deepEqual([status, left], [1, []]);
  assert.match(said, /^Node 16\.20\.2 is too old: .* and start again\.$/);
});

test('a port that is taken is named, with one to try', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  try {
    await assert.rejects(requireFreePort('127.0.0.1', port), {
      message: `Port ${port} is taken by another program. Choose another one, for example: PORT=${port + 1} npm start`,
    });
  } finally {
    server.close();
  }
});

test('a full disk is told in our words, whoever found it', () => {
  const found = [
    Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/a/b' }),
    { message: 'npm error code ENOSPC' },
    { message: 'FATAL:  could not write lock file: No space left on device' },
  ];
  for (const error of found) assert.match(diskFullSentence(error), /^The disk is full.* start again/);
  assert.equal(diskFullSentence(new Error('ENOENT')), null);
});
