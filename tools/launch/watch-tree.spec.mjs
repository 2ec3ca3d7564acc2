import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { watchTree } from './watch-tree.mjs';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-watch-'));
fs.mkdirSync(path.join(dir, 'a/b'), { recursive: true });
let count = 0;
const waiting = [];
const stop = watchTree(
  dir,
  (name) => name.endsWith('.go'),
  () => {
    count += 1;
    waiting.shift()?.();
  },
);
after(() => {
  stop();
  fs.rmSync(dir, { recursive: true, force: true });
});

/** Resolves once `change` was told. */
function told(change) {
  const next = new Promise((resolve) => waiting.push(resolve));
  change();
  return next;
}
const at = (name) => path.join(dir, name);

test('a file below is told when it is made, written, replaced, written again and deleted', async () => {
  await told(() => fs.writeFileSync(at('a/b/x.go'), '1'));
  await told(() => fs.appendFileSync(at('a/b/x.go'), '2'));
  await told(() => {
    fs.writeFileSync(at('a/b/x.go.new'), '3');
    fs.renameSync(at('a/b/x.go.new'), at('a/b/x.go'));
  });
  await told(() => fs.appendFileSync(at('a/b/x.go'), '4'));
  await told(() => fs.rmSync(at('a/b/x.go')));
  assert.equal(count, 5);
});

test('so is one in a folder that came later, and many at a time are one', async () => {
  fs.writeFileSync(at('a/notes.txt'), 'nobody asked');
  fs.mkdirSync(at('later'));
  const before = count;
  await told(() => {
    for (let n = 0; n < 20; n++) fs.writeFileSync(at(`a/${n}.go`), '');
  });
  await told(() => fs.writeFileSync(at('later/y.go'), ''));
  assert.equal(count, before + 2);
});
