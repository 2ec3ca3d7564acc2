import { Injectable } from '@nestjs/common';
import type { Diagnostic, GroupId, RunKind } from '@lineage/contracts';
import { Verdict } from '@lineage/runner-protocol';
import { diagnosticBody, wireKinds } from './agent/agent-events.ts';
import { formattedBody } from './agent/agent-findings.ts';
import { RunnerPool } from './runner-pool.ts';

export type SourceFile = { readonly path: string; readonly content: string };

/** What a tool found. Formatted files are whole, and only those that differ. */
export type Inspection = {
  readonly diagnostics: readonly Diagnostic[];
  readonly formatted: readonly SourceFile[];
};

/** As many as the agent says of one inspection. */
const MOST_DIAGNOSTICS = 50;

/** Has a tool look at source without a run that anybody sees: what is typed is looked at more often than it is run. */
@Injectable()
export class InspectSource {
  constructor(private readonly pool: RunnerPool) {}

  /**
   * Nothing of the files is executed. Aborting `signal` gives it up.
   * @throws Error when the runner could not do it, for example because it is gone
   */
  async inspect(
    group: GroupId,
    kind: Extract<RunKind, 'vet' | 'format'>,
    files: readonly SourceFile[],
    signal: AbortSignal,
  ): Promise<Inspection> {
    const diagnostics: Diagnostic[] = [];
    const formatted: SourceFile[] = [];
    for await (const { event } of this.pool.execute(group, startOf(kind, files), signal)) {
      if (event.case === 'diagnostic' && diagnostics.length < MOST_DIAGNOSTICS) {
        const { type: _, ...diagnostic } = diagnosticBody(event.value);
        diagnostics.push(diagnostic);
      } else if (event.case === 'formatted') {
        const { path, content } = formattedBody(event.value);
        if (formatted.length < files.length) formatted.push({ path, content });
      } else if (event.case === 'end') {
        const { verdict, reason } = event.value;
        if (verdict !== Verdict.PASSED && verdict !== Verdict.FAILED)
          throw new Error(`The source could not be looked at: ${reason}`);
        return { diagnostics, formatted };
      }
    }
    throw new Error('The runner broke off.');
  }
}

async function* startOf(kind: RunKind, files: readonly SourceFile[]) {
  const encoder = new TextEncoder();
  const value = {
    kind: wireKinds[kind],
    files: files.map(({ path, content }) => ({ path, content: encoder.encode(content) })),
  };
  yield await Promise.resolve({ request: { case: 'start', value } } as const);
}
