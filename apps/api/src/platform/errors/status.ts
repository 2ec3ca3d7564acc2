import type { ErrorCode } from '@lineage/contracts';

/** HTTP status of each refusal; exhaustive, so that a new code cannot be forgotten. */
export const statusOf: Readonly<Record<ErrorCode, number>> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden_origin: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  too_many_requests: 429,
  idempotency_mismatch: 422,
  edit_not_saved: 409,
  document_invalid: 422,
  run_finished: 409,
  runner_unavailable: 503,
  invitation_expired: 410,
  demo_only: 404,
  unavailable: 503,
  internal: 500,
};

/** Code for a status that a library below us chose (Fastify's body limit, Nest's router). */
export function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 413:
      return 'too_large';
    case 429:
      return 'too_many_requests';
    case 503:
      return 'unavailable';
    default:
      return status >= 500 ? 'internal' : 'bad_request';
  }
}
