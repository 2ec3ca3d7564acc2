import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createFile, readTree } from '@lineage/collab';
import type { Me } from '@lineage/contracts';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StockClient } from '../rooms/stock-client.ts';
import { type Desk, openDesk, wait } from './desk.ts';

let desk: Desk;
let ana: StockClient;
let bo: StockClient;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-git-'));

beforeAll(async () => {
  desk = await openDesk();
  ana = await desk.enter('ana');
  bo = await desk.enter('bo');
});
afterAll(async () => {
  await desk.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Nobody's own settings decide what the test sees. */
const git = (...args: string[]): string =>
  execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function same(): Promise<void> {
  const text = (who: StockClient): string => JSON.stringify(readTree(who.doc));
  await expect.poll(() => text(bo) === text(ana), wait).toBe(true);
}

async function bundle(): Promise<Buffer> {
  const answer = await fetch(`${desk.app.url}/api/workspaces/${desk.workspace.id}/history.bundle`, {
    headers: { cookie: desk.cookieOf('ana') },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.bundle"$/);
  return Buffer.from(await answer.arrayBuffer());
}

it('is a repository that git finds whole, with everybody as author and nobody to write to', async () => {
  ana.type(desk.file, '// by ana\n');
  await same();
  // Then there was a pause of an hour.
  const db = desk.app.app.get(DataSource);
  await db.query("UPDATE room_update SET at = at - interval '1 hour'");
  await db.query("UPDATE workspace SET created_at = created_at - interval '1 hour'");
  bo.type(desk.file, '// by bo\n');
  bo.type(desk.file, '// by bo again\n');
  await same();
  ana.type(desk.file, '// by ana again\n');
  ana.doc.transact(() => createFile(ana.doc, 'inside/deep/文件.go', 'package deep\n'));
  // Names that a hostile person would like to see in a clone.
  for (const [n, name] of ['.git/config', '.GIT/hooks/post-checkout', '.gitmodules', 'git~1/x'].entries())
    ana.doc.transact(() => createFile(ana.doc, name, `[core]\n\tfsmonitor = touch /tmp/own${n}\n`));
  await same();
  fs.writeFileSync(path.join(folder, 'all.bundle'), await bundle());
  git('init', '--quiet', 'empty');
  git('-C', 'empty', 'bundle', 'verify', '../all.bundle');
  git('-c', 'transfer.fsckObjects=true', 'clone', '--quiet', 'all.bundle', 'clone');
  expect(git('-C', 'clone', 'fsck', '--strict', '--full')).toBe('');

  const log = git(
    '-C',
    'clone',
    'log',
    '--reverse',
    '--format=%an|%ae|%s|%(trailers:key=Co-authored-by,valueonly,separator=%x2C)',
  );
  const lines = log.trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^Lineage\|.*\|Begin with the template\|$/);
  expect(lines[1]).toMatch(/^Ana Souza\|[0-9a-f]{16}@users\.noreply\.lineage\.invalid\|Edit\|$/);
  expect(lines[2]).toMatch(/^Ana Souza\|.*\|Bo Lindqvist <[0-9a-f]{16}@users\.noreply\.lineage\.invalid>$/);
  const raw = git('-C', 'clone', 'log', '--format=raw');
  for (const who of ['ana', 'bo']) {
    const { email } = (await desk.ask<Me>(who, 'GET', '/me')).body.account;
    expect(email).toContain('@');
    expect(raw).not.toContain(email);
  }

  const inClone = (name: string): string => fs.readFileSync(path.join(folder, 'clone', name), 'utf8');
  for (const { path: name, content } of readTree(ana.doc)) {
    if (/git/i.test(name)) continue;
    expect(inClone(name)).toBe(content);
  }
  expect(inClone('_.gitmodules')).toContain('fsmonitor');
  expect(inClone('.git/config')).not.toContain('fsmonitor');
});

it('says which commit is a reset, and goes on after it', async () => {
  await desk.ask('bo', 'POST', `/workspaces/${desk.workspace.id}/reset`, {});
  await expect.poll(() => ana.closed[0], wait).toBe(4409);
  fs.writeFileSync(path.join(folder, 'reset.bundle'), await bundle());
  git('clone', '--quiet', 'reset.bundle', 'after');
  expect(git('-C', 'after', 'log', '-1', '--format=%an|%s').trim()).toBe(
    'Bo Lindqvist|Reset to the template (epoch 2)',
  );
  expect(git('-C', 'after', 'fsck', '--strict')).toBe('');
});
