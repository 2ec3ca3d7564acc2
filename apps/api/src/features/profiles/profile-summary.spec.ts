import { encodeProfile } from '@lineage/pprof/fixtures';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProfileSummary } from './profile-summary.ts';

const profileOf = (name: string): Uint8Array =>
  encodeProfile({
    sampleTypes: [{ type: 'cpu', unit: 'nanoseconds' }],
    samples: [{ locations: [1], values: [10] }],
    locations: [{ id: 1, lines: [{ functionId: 1, line: 3 }] }],
    functions: [{ id: 1, name, file: 'main.go' }],
  });

describe('the summary of a profile', () => {
  let summary: ProfileSummary;
  beforeEach(() => {
    summary = new ProfileSummary();
  });
  afterEach(() => summary.onApplicationShutdown());

  it('answers one profile after the other from one worker', async () => {
    const names = ['main.a', 'main.b', 'main.c'];
    const hot = [];
    for (const name of names) hot.push(await summary.hotOf(profileOf(name)));
    expect(hot).toEqual(names.map((name) => ({ name, share: 1, unit: 'nanoseconds' })));
  });

  it('says nothing of what is no profile, and goes on', async () => {
    expect(await summary.hotOf(new TextEncoder().encode('no profile'))).toBeNull();
    expect(await summary.hotOf(profileOf('main.a'))).toMatchObject({ name: 'main.a' });
  });
});
