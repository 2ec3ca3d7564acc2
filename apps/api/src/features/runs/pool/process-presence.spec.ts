import { beforeEach, describe, expect, it } from 'vitest';
import { setLogLevel } from '../../../platform/logging/index.ts';
import { ClusterError } from './cluster-client.ts';
import { ProcessPresence } from './process-presence.ts';

const timing = { renewMs: 5_000, deadAfterMs: 20_000 };

/** The leases of an API server, with a version that rises. */
class Leases {
  readonly #items = new Map<string, number>();
  #version = 0;
  isDown = false;

  get names(): string[] {
    return [...this.#items.keys()];
  }
  touch(name: string): void {
    this.#items.set(name, (this.#version += 1));
  }
  get(): Promise<unknown> {
    if (this.isDown) return Promise.reject(new Error('down'));
    const items = [...this.#items].map(([name, version]) => ({
      metadata: { name, resourceVersion: String(version) },
    }));
    return Promise.resolve({ items });
  }
  create(_path: string, { metadata }: { metadata: { name: string } }): Promise<unknown> {
    if (this.isDown) return Promise.reject(new Error('down'));
    this.touch(metadata.name);
    return Promise.resolve({});
  }
  patch(path: string): Promise<unknown> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (this.isDown) return Promise.reject(new Error('down'));
    if (!this.#items.has(name)) return Promise.reject(new ClusterError(404, 'NotFound', 'gone'));
    this.touch(name);
    return Promise.resolve({});
  }
  delete(path: string): Promise<void> {
    this.#items.delete(path.slice(path.lastIndexOf('/') + 1));
    return Promise.resolve();
  }
}

let leases: Leases;
let now: number;
let forfeits: number;
let us: ProcessPresence;
beforeEach(() => {
  setLogLevel('silent');
  [leases, now, forfeits] = [new Leases(), 0, 0];
  us = new ProcessPresence(
    leases as never,
    '/leases',
    'us',
    () => (forfeits += 1),
    timing,
    () => now,
  );
});

/** Beats as time goes on; `them` is touched meanwhile when it lives. */
async function live(ms: number, theirsBeats: boolean): Promise<void> {
  for (const end = now + ms; now < end; now += timing.renewMs) {
    if (theirsBeats) leases.touch('them');
    await us.beat();
  }
}

describe('ProcessPresence', () => {
  it('takes another process for dead when its heartbeat did not change, and forgets it', async () => {
    await live(30_000, true);
    expect(us.isAlive('them')).toBe(true);
    await live(30_000, false);
    expect(us.isAlive('them')).toBe(false);
    expect(leases.names).toEqual(['us']);
  });

  it('gives one that it never heard of the time to be heard of', async () => {
    await us.beat();
    expect(us.isAlive('unknown')).toBe(true);
    await live(25_000, false);
    expect(us.isAlive('unknown')).toBe(false);
  });

  it('judges nobody by a time in which it could not look', async () => {
    await live(10_000, true);
    leases.isDown = true;
    await live(300_000, false);
    leases.isDown = false;
    await us.beat();
    expect(us.isAlive('them')).toBe(true);
    await live(30_000, false);
    expect(us.isAlive('them')).toBe(false);
  });

  it('gives up what it had when the others took it for dead, and is there again', async () => {
    await us.beat();
    expect(us.present).toBe(true);
    await leases.delete('/leases/us');
    await us.beat();
    expect(forfeits).toBe(1);
    expect(us.present).toBe(true);
    expect(leases.names).toEqual(['us']);
  });
});
