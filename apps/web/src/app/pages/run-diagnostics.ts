import type { Diagnostic, Run, RunEvent } from '@lineage/contracts';
import type { CheckedText } from '../../shared/socket/index.ts';

/** What the compiler and vet said in a run, in order. */
export function diagnosticsOf(events: readonly RunEvent[]): Diagnostic[] {
  return events.flatMap(({ body }) => (body.type === 'diagnostic' ? [body] : []));
}

/**
 * What is marked in the editor. What was said of the text as it stands is newer than what a run said of its own; a run
 * of that same text adds what vet found in it.
 */
export function markedDiagnostics(
  checked: CheckedText | null,
  run: Pick<Run, 'snapshotHash'> | undefined,
  events: readonly RunEvent[],
): readonly Diagnostic[] {
  const ofRun = diagnosticsOf(events);
  if (checked === null) return ofRun;
  if (run?.snapshotHash !== checked.snapshotHash) return checked.diagnostics;
  const known = new Set(checked.diagnostics.map(keyOf));
  return [
    ...checked.diagnostics,
    ...ofRun.filter((found) => found.source === 'vet' && !known.has(keyOf(found))),
  ];
}

const keyOf = ({ path, line, column, message }: Diagnostic): string =>
  JSON.stringify([path, line, column, message]);
