import type { ErrorCode, FieldProblem, Problem } from '@lineage/contracts';

/**
 * Why a call gave no answer that can be used.
 * - `refused`: the server answered with a problem; `code` says which.
 * - `network`: nothing came back; whether the server acted is not known.
 * - `unreadable`: an answer came that this client does not understand, as after an upgrade.
 */
export type ApiErrorKind = 'refused' | 'network' | 'unreadable';

type Facts = {
  kind: ApiErrorKind;
  message: string;
  status?: number;
  code?: ErrorCode | null;
  requestId?: string | null;
  problems?: readonly FieldProblem[];
  cause?: unknown;
};

/** The only error that `call` throws, but for an abort. */
export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  readonly status: number;
  readonly code: ErrorCode | null;
  /** What an operator searches the log for; null when the server was not reached. */
  readonly requestId: string | null;
  readonly problems: readonly FieldProblem[];

  constructor({ kind, message, status = 0, code = null, requestId = null, problems = [], cause }: Facts) {
    super(message, { cause });
    this.name = 'ApiError';
    this.kind = kind;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.problems = problems;
  }

  static refused(problem: Problem): ApiError {
    return new ApiError({
      kind: 'refused',
      message: problem.detail,
      status: problem.status,
      code: problem.code,
      requestId: problem.requestId,
      problems: problem.problems ?? [],
    });
  }
}

/** Whether `error` is a refusal with one of `codes`. */
export function isRefusal(error: unknown, ...codes: ErrorCode[]): error is ApiError {
  return error instanceof ApiError && error.code !== null && codes.includes(error.code);
}
