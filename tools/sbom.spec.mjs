import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { lockedPackages, neededFolders } from './locked-packages.mjs';
import { npmBill } from './sbom.mjs';
import { agentBinary, at, slotBinary } from './setup/paths.mjs';
import { GO_BUILD_ENV } from './setup/prepare.mjs';

const dockerfile = fs.readFileSync(at('infra/images/Dockerfile'), 'utf8');

/** What these need, and what that needs, as name@version. */
function neededBy(...workspaces) {
  const locked = lockedPackages();
  return neededFolders(...workspaces).map(
    (at) => `${locked[at].name ?? at.split('node_modules/').at(-1)}@${locked[at].version}`,
  );
}

test('the bill of the server and the client names every package that they need', () => {
  const bill = npmBill();
  const named = new Set(bill.components.map((component) => component['bom-ref']));
  const needed = neededBy('apps/api', 'apps/web');
  assert.ok(needed.length > 150, `only ${needed.length} are needed`);
  assert.deepEqual(
    needed.filter((name) => !named.has(name)),
    [],
  );
  assert.ok(named.has(`node@${process.versions.node}`));
  // Of the tools that it is built and tested with nothing is shipped.
  for (const tool of ['vitest', 'eslint', 'nx', 'fast-check'])
    assert.ok(![...named].some((name) => name.startsWith(`${tool}@`)), `${tool} is no part of an image`);
});

test('the bill of the server and the client is the same each time', () => {
  assert.deepEqual(npmBill(), npmBill());
});

test('the bills of the agent name every module that is linked into it, and Go itself', () => {
  // The very tool that the images are made with.
  const tool = /github\.com\/CycloneDX\/\S+@v[\d.]+/.exec(dockerfile)?.[0];
  assert.ok(tool, 'the Dockerfile makes no bill of the agent');
  const go = (...args) =>
    execFileSync('go', args, {
      cwd: at('apps/runner'),
      encoding: 'utf8',
      env: { ...process.env, ...GO_BUILD_ENV, GOFLAGS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  for (const binary of [agentBinary, slotBinary]) {
    const { components = [] } = JSON.parse(
      go('run', tool, 'bin', '-json', '-noserial', '-notimestamp', '-std', binary),
    );
    const named = new Set(components.map(({ name, version }) => `${name} ${version}`));
    const linked = [...go('version', '-m', binary).matchAll(/^\tdep\t(\S+)\t(\S+)/gm)];
    if (binary === agentBinary) assert.ok(linked.length > 5, `${path.basename(binary)} has few modules`);
    for (const [, name, version] of linked)
      assert.ok(named.has(`${name} ${version}`), `${name} ${version} is missing of ${binary}`);
    assert.ok(named.has('std go1.27.4'));
  }
});

test('each image has the bills of what is in it', () => {
  const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
  const copied = (target) => {
    const stage = stages.find((text) => / AS (\S+)/.exec(text)?.[1] === target);
    const [, from] = /^FROM (\S+)/.exec(stage);
    const inherited = stages.some((text) => text.includes(` AS ${from}\n`)) ? copied(from) : [];
    return [...inherited, ...[...stage.matchAll(/^COPY --from=(\S+) \/sbom /gm)].map(([, name]) => name)];
  };
  assert.deepEqual(copied('api'), ['build']);
  assert.deepEqual(copied('runner'), ['prepare']);
  assert.deepEqual(copied('standalone'), ['prepare', 'build']);
});
