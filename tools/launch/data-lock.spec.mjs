import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { holdDataDir } from './data-lock.mjs';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-lock-'));
after(() => fs.rmSync(dir, { recursive: true, force: true }));
const file = path.join(dir, 'launcher.pid');

/** A process whose command line is a launcher's, which tries to hold the directory and stays. */
const launcher = path.join(dir, 'start.mjs');
fs.writeFileSync(
  launcher,
  `import { holdDataDir } from ${JSON.stringify(path.join(import.meta.dirname, 'data-lock.mjs'))};
   process.once('message', () => {
     try { holdDataDir(${JSON.stringify(dir)}); process.send('held'); } catch (error) { process.send(error.message); }
   });
   process.send('here');
   setInterval(() => {}, 1000);`,
);

const said = (child) => new Promise((resolve) => child.once('message', resolve));

test('of many starts at one moment one has the directory, whether or not a dead one left its file', async () => {
  for (const left of [null, '999999', '']) {
    fs.rmSync(file, { force: true });
    if (left !== null) fs.writeFileSync(file, left);
    const children = Array.from({ length: 6 }, () => fork(launcher));
    try {
      await Promise.all(children.map(said));
      const answers = children.map(said);
      for (const child of children) child.send('go');
      const all = await Promise.all(answers);
      assert.equal(all.filter((answer) => answer === 'held').length, 1, all.join('\n'));
      for (const answer of all) assert.match(answer, /^held$|Another Lineage \(process \d+\) uses/);
      assert.deepEqual(fs.readdirSync(dir).sort(), ['launcher.pid', 'start.mjs']);
    } finally {
      await Promise.all(
        children.map(
          (child) => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL')),
        ),
      );
    }
  }
});

test('who lets go leaves nothing', () => {
  const letGo = holdDataDir(dir);
  assert.equal(fs.readFileSync(file, 'utf8'), String(process.pid));
  letGo();
  assert.deepEqual(fs.readdirSync(dir), ['start.mjs']);
});
