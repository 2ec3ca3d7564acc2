import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { accepts, freePort, startPostgres } from './postgres.mjs';

const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-postgres-'));
fs.chmodSync(dataDir, 0o755);
after(() => fs.rmSync(dataDir, { recursive: true, force: true }));

test('a server that is recovering, or not there, is not taken for one that is ready', async () => {
  const words = Buffer.from('SFATAL\0C57P03\0Mthe database system is starting up\0\0');
  const answer = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), words]);
  answer.writeInt32BE(4 + words.length, 1);
  const starting = net.createServer((socket) => socket.once('data', () => socket.end(answer)));
  await new Promise((resolve) => starting.listen(0, '127.0.0.1', resolve));
  try {
    assert.equal(await accepts(starting.address().port), false);
  } finally {
    starting.close();
  }
  assert.equal(await accepts(await freePort()), false);
});

test('what was started is ready, also after it was killed, and is gone when it is stopped', async () => {
  const first = await startPostgres({ dataDir });
  assert.equal(await accepts(first.port), true);
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const second = await startPostgres({ dataDir, port: first.port });
  assert.equal(await accepts(second.port), true);
  await second.stop();
  assert.equal(await accepts(second.port), false);
});
