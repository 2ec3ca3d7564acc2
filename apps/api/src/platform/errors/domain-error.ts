import type { ErrorCode, FieldProblem } from '@lineage/contracts';

/**
 * The one error a service throws for a refusal that a person has to read. `message` is a sentence saying what to do.
 * Services know no HTTP; `problem.filter.ts` and the gateways translate the code.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly FieldProblem[];

  constructor(
    code: ErrorCode,
    message: string,
    details: { problems?: readonly FieldProblem[]; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DomainError';
    this.code = code;
    this.problems = details.problems ?? [];
  }
}

/** What you may not see does not exist: absent and forbidden things are answered alike. */
export const notFound = (what: string): DomainError =>
  new DomainError('not_found', `There is no such ${what}, or you may not see it.`);
