import type { ComparableRun } from '@lineage/contracts';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { loadNamespace, type Messages } from '../../../shared/i18n/index.ts';
import { BenchmarksPane } from './benchmarks-pane.tsx';
import { en } from './messages/en.ts';

const before = {
  groupName: 'Heron',
  isOwn: true,
  startedBy: { name: 'Ana' },
  createdAt: '2026-11-25T12:00:00Z',
} as ComparableRun;

function shown(comparedWith: ComparableRun | null): string {
  const quiet = { alone: true, otherCores: 0, cores: 2 };
  const fold = {
    benchmarks: [],
    given: { type: 'given', sweep: null, comparedWith },
    end: { quiet },
  };
  return renderToStaticMarkup(createElement(BenchmarksPane, { fold: fold as never }));
}

it('says that what is compared with was measured while the machine was not quiet', async () => {
  await loadNamespace('findings', () => Promise.resolve(en as Messages));
  expect(shown({ ...before, noisy: true })).toContain(en.bench.noisyBefore);
  // What was measured now is told apart from it.
  expect(shown({ ...before, noisy: true })).toContain(en.quiet.yes);
});

it('says nothing of a quiet machine before, of one that nobody knows of, nor where nothing is compared', async () => {
  await loadNamespace('findings', () => Promise.resolve(en as Messages));
  for (const other of [{ ...before, noisy: false }, before, null]) {
    expect(shown(other)).toContain(en.quiet.yes);
    expect(shown(other)).not.toContain(en.bench.noisyBefore);
  }
});
