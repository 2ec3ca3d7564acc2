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
export function endingOf(fold: RunFold): Ending | null {
  const { end, tests, stages, diagnostics, races, crash } = fold;
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
    case 'passed': {
      const [key, count] = hasRun ? ['passed', 0] : lookedAt(fold);
      return ending(key, hasRun ? {} : { count });
    }
    case 'cancelled':
      return ending('cancelled');
    case 'timed_out':
      return ending('timedOut');
    case 'limited':
      return ending(`limited.${end.limit ?? 'other'}`, {}, said);
    case 'errored':
      if (said !== null && /^race runs are not available/.test(said)) return ending('noRace');
      if (said !== null && /^The server was (?:stopped|restarted) /.test(said))
        return ending('serverStopped');
      return ending('errored', {}, said);
    case 'failed': {
      const bad = tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'missing').length;
      if (bad > 0) return ending('testsFailed', { count: bad, total: tests.length });
      if (races.length > 0) return ending('races', { count: races.length });
      if (diagnostics.length > 0 && diagnostics.every(({ source }) => source === 'vet'))
        return ending('vetFound', { count: diagnostics.length });
      if (end.allAsleep === true) return ending('asleep');
      if (crash !== null && hasRun) return ending(crash.kind === 'panic' ? 'panicked' : 'crashed');
      if (exitSignal !== '') return ending('signal', { signal: exitSignal });
      if (!hasRun && diagnostics.length > 0) return ending('notCompiled');
      if (hasRun && exitCode > 0) return ending('exitCode', { code: exitCode });
      return ending('failed', {}, said);
    }
  }
}

/** What a run that executed nothing came to, by the tool that looked at the source. */
function lookedAt({ stages, formatted }: RunFold): [key: string, count: number] {
  const tool = stages.find(({ name }) => name === 'compile')?.detail;
  if (tool === 'go vet') return ['vetted', 0];
  if (tool === 'gofmt') return formatted.length > 0 ? ['unformatted', formatted.length] : ['formatted', 0];
  return ['compiled', 0];
}
