import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { forgetInstalled, isInstalledAsLocked } from './installed.mjs';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-installed-'));
after(() => fs.rmSync(dir, { recursive: true, force: true }));

const one = { version: '1.0.0', integrity: 'sha512-x', resolved: 'https://registry.example/one' };
const locked = {
  '': { name: 'root' },
  'libs/a': { version: '0.1.0' },
  'node_modules/one': one,
  'node_modules/elsewhere': { version: '2.0.0', optional: true, os: ['none'] },
  'node_modules/elsewhere/node_modules/below': { version: '2.1.0', optional: true },
  'node_modules/here': { version: '3.0.0', optional: true, os: [process.platform], cpu: [process.arch] },
};
const write = (at, value) => {
  fs.mkdirSync(path.dirname(path.join(dir, at)), { recursive: true });
  fs.writeFileSync(path.join(dir, at), typeof value === 'string' ? value : JSON.stringify(value));
};
const list = (packages) => write('node_modules/.package-lock.json', { packages });
const there = { 'node_modules/one': one, 'node_modules/here': locked['node_modules/here'] };

beforeEach(() => {
  write('package-lock.json', { packages: locked });
  list(there);
  for (const at of Object.keys(there)) write(`${at}/package.json`, {});
});

test('what npm install left is taken for installed', () => {
  assert.equal(isInstalledAsLocked(dir), true);
});

test('an install that is not whole is not', () => {
  const spoils = {
    'no list of npm': () => forgetInstalled(dir),
    'a list that was cut off': () => write('node_modules/.package-lock.json', '{"packages":{'),
    'another version': () => list({ ...there, 'node_modules/one': { ...one, version: '1.0.1' } }),
    'other bytes': () => list({ ...there, 'node_modules/one': { ...one, integrity: 'sha512-y' } }),
    'one package less': () => list({ 'node_modules/here': there['node_modules/here'] }),
    'an optional package of this platform less': () => list({ 'node_modules/one': one }),
    'a folder less': () => fs.rmSync(path.join(dir, 'node_modules/one'), { recursive: true }),
  };
  for (const [what, spoil] of Object.entries(spoils)) {
    list(there);
    spoil();
    assert.equal(isInstalledAsLocked(dir), false, what);
  }
});
