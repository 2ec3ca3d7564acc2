import type { Goroutine } from '@lineage/contracts';

/** Goroutines that stand at the same place in the same state; the first of them speaks for all. */
export type GoroutineGroup = { readonly first: Goroutine; readonly ids: readonly number[] };

/**
 * Puts goroutines with the same stack together, in the order in which the first of each came. The one that crashed is
 * first and stays alone: it is what one looks for.
 */
export function groupGoroutines(goroutines: readonly Goroutine[]): GoroutineGroup[] {
  const groups = new Map<string, { first: Goroutine; ids: number[] }>();
  for (const [at, goroutine] of goroutines.entries()) {
    const key = at === 0 ? 'crashed' : keyOf(goroutine);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: goroutine, ids: [goroutine.id] });
    else group.ids.push(goroutine.id);
  }
  return [...groups.values()];
}

const keyOf = ({ state, stack, createdBy }: Goroutine): string =>
  JSON.stringify([state, stack.elided, createdBy, stack.frames.map((f) => [f.function, f.path, f.line])]);
