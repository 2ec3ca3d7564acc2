import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';
import { keepAlive } from './keep-alive.mjs';

const stopping = new AbortController();
const children = [];
after(() => {
  stopping.abort();
  for (const child of children) child.kill('SIGKILL');
});

/** A real process that does nothing until it is stopped. */
function start(code = 'setInterval(() => {}, 1000)') {
  const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  children.push(child);
  const exited = new Promise((resolve) =>
    child.once('exit', (status, signal) => resolve({ code: status, signal })),
  );
  const stop = async () => {
    child.kill();
    await exited;
  };
  return { child, exited, stop };
}

/** Keeps a process alive and collects what is said; `until` resolves when that holds. */
function kept(options = {}) {
  const said = [];
  const started = [start()];
  const looks = new Set();
  const tell = () => [...looks].forEach((look) => look());
  const restart = async () => {
    await options.before?.(started.length);
    started.push(start(options.code));
    tell();
    return started.at(-1);
  };
  const keeper = keepAlive({
    name: 'It',
    current: started[0],
    restart,
    signal: stopping.signal,
    giveUp: (why) => (said.push(why), tell()),
    say: (text) => (said.push(text), tell()),
    waitsForRenewal: options.waitsForRenewal,
  });
  const until = (holds) =>
    new Promise((resolve) => {
      const look = () => holds() && looks.delete(look) && resolve();
      looks.add(look);
      look();
    });
  return { said, started, keeper, until };
}

test('what ends by itself is started again, and given up when it does not stay', async () => {
  const { said, started, until } = kept({ code: 'process.exit(3)' });
  started[0].child.kill('SIGKILL');
  await until(() => said.at(-1)?.includes('within a minute'));
  assert.equal(said[0], 'It ended (SIGKILL) and is started again.');
  assert.equal(started.length, 6);
});

test('what is renewed is not counted as ended, however often', async () => {
  const { said, started, keeper, until } = kept();
  for (let nth = 1; nth <= 8; nth++) {
    await keeper.renew();
    await until(() => said.length === nth);
  }
  assert.equal(started.length, 9);
  assert.deepEqual(new Set(said), new Set(['It runs again.']));
});

test('a change that comes while it is being started is not missed', async () => {
  let keeper = null;
  const one = kept({ before: (count) => (count === 1 ? keeper.renew() : undefined) });
  ({ keeper } = one);
  await keeper.renew();
  await one.until(() => one.said.length === 2);
  assert.equal(one.started.length, 3);
  await one.started[1].exited;
});

test('a start that fails waits for the next change where changes are watched', async () => {
  const broken = async (count) => {
    if (count === 1 && !mended) throw new Error('no such thing');
  };
  let mended = false;
  const { said, started, keeper, until } = kept({ before: broken, waitsForRenewal: true });
  await keeper.renew();
  await until(() => said.length === 1);
  assert.match(said[0], /could not be started again: no such thing\nIt is tried again at the next change/);
  mended = true;
  await keeper.renew();
  await until(() => started.length === 2);
});
