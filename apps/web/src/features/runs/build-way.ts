import type { Stage } from './fold-run.ts';

/**
 * How a program came to be: kept, for it was built by an earlier run or while somebody typed; by the fast path, with a linker
 * that was started ahead or without; by the go command.
 */
export type BuildWay = 'kept' | 'ahead' | 'fast' | 'goCommand';

const ways: ReadonlyMap<string, BuildWay> = new Map([
  ['cached', 'kept'],
  ['ahead', 'ahead'],
  ['fast', 'fast'],
  ['go build', 'goCommand'],
]);

/** Null while nothing is built, and for runs that build nothing, such as vet. */
export function buildWayOf(stages: readonly Stage[]): { way: BuildWay; why: string | null } | null {
  const finished = (name: Stage['name']) => stages.find((stage) => stage.name === name && stage.ms !== null);
  const compiled = finished('compile');
  // Linking is told with compiling and knows more; what is not linked for a run was made by the go command.
  const last = finished('link') ?? (compiled?.detail === 'go build' ? compiled : undefined);
  const way = ways.get(last?.detail ?? '');
  return way === undefined ? null : { way, why: compiled?.why ?? null };
}
