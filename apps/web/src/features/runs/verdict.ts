import type { RunFold } from './fold-run.ts';

/** How a run ended: the key of a sentence, what fills it, and the runner's own words where they say more. */
export type Ending = {
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly detail: string | null;
};

/**
 * The sentence about an end, from what the runner measured and not from its English words. Times are in milliseconds;
 * null while the run goes on.
 */
export function endingOf({ end, tests, stages, diagnostics }: RunFold): Ending | null {
  if (end === null) return null;
  const { verdict, exitCode, exitSignal, reason } = end;
  const said = reason.trim() === '' ? null : reason.trim();
  const ending = (key: string, values: Ending['values'] = {}, detail: string | null = null): Ending => ({
    key,
    values,
    detail,
  });
  const hasRun = stages.some(({ name }) => name === 'run');
  switch (verdict) {
    case 'passed':
      return ending('passed');
    case 'cancelled':
      return ending('cancelled');
    case 'timed_out':
      return ending('timedOut');
    case 'limited':
      return ending(`limited.${end.limit ?? 'other'}`, {}, said);
    case 'errored':
      return said !== null && /^race runs are not available/.test(said)
        ? ending('noRace')
        : ending('errored', {}, said);
    case 'failed': {
      const bad = tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'missing').length;
      if (bad > 0) return ending('testsFailed', { count: bad, total: tests.length });
      if (exitSignal !== '') return ending('signal', { signal: exitSignal });
      if (!hasRun && diagnostics.length > 0) return ending('notCompiled');
      if (hasRun && exitCode > 0) return ending('exitCode', { code: exitCode });
      return ending('failed', {}, said);
    }
  }
}
