import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LeasedAgent } from './agent-connection.ts';
import { GroupLease } from './group-lease.ts';
import { failed } from './pod-failure.ts';
import type { PodFacts } from './pod-facts.ts';

const IDLE_MS = 60_000;

function lease() {
  const close = vi.fn();
  const onEnd = vi.fn();
  const agent = { close } as unknown as LeasedAgent;
  const claimed = { lease: 'lease', pod: { uid: 'uid' } as PodFacts };
  return { close, onEnd, lease: new GroupLease(claimed, agent, IDLE_MS, onEnd) };
}
const answers = (): Promise<unknown> => Promise.resolve();
const refuses = (): Promise<unknown> => Promise.reject(new Error('no answer'));

describe('GroupLease', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('ends when it was idle for long enough, and not while a run uses it', () => {
    const { lease: held, onEnd, close } = lease();
    const done = held.use();
    const other = held.use();
    vi.advanceTimersByTime(10 * IDLE_MS);
    expect(held.isOver).toBe(false);
    done();
    done();
    vi.advanceTimersByTime(10 * IDLE_MS);
    expect(held.isOver).toBe(false);
    other();
    vi.advanceTimersByTime(IDLE_MS);
    expect(held).toMatchObject({ isOver: true, failure: null });
    expect(onEnd).toHaveBeenCalledTimes(1);
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('goes on after a call that broke when the agent is well', async () => {
    const { lease: held } = lease();
    expect(await held.diagnose(answers)).toBeNull();
    expect(held.isOver).toBe(false);
  });

  it('is over, with the reason of the cluster where there comes one', async () => {
    const { lease: held } = lease();
    const diagnosis = held.diagnose(refuses);
    await vi.advanceTimersByTimeAsync(1_000);
    held.end(failed('evicted'));
    expect((await diagnosis)?.word).toBe('evicted');
  });

  it('is over because the agent does not answer, where the cluster says nothing', async () => {
    const { lease: held } = lease();
    const diagnosis = held.diagnose(refuses);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await diagnosis)?.word).toBe('wedged');
    expect(held.isOver).toBe(true);
  });
});
