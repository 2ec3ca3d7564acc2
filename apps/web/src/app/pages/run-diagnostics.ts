import type { RunEvent } from '@lineage/contracts';

/** What the compiler and vet said about a line, as the editor marks it. */
export type LineDiagnostic = {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};

/** The diagnostics among a run's events, in order. */
export function diagnosticsOf(events: readonly RunEvent[]): LineDiagnostic[] {
  return events.flatMap(({ body }) =>
    body.type === 'diagnostic'
      ? [{ path: body.path, line: body.line, column: body.column, message: body.message }]
      : [],
  );
}
