import { z } from 'zod';

/**
 * Every refusal the API can give. Closed: the tables that give an HTTP status and a close code are exhaustive over it.
 * A code is what a client branches on; the message beside it is for a person.
 */
export const errorCodes = [
  'bad_request',
  'unauthenticated',
  'forbidden_origin',
  'forbidden',
  'not_found',
  'conflict',
  'gone',
  'too_large',
  'too_many_requests',
  'idempotency_mismatch',
  'edit_not_saved',
  'document_invalid',
  'run_finished',
  'runner_unavailable',
  'invitation_expired',
  'demo_only',
  'unavailable',
  'internal',
] as const;

export const errorCodeSchema = z.enum(errorCodes).meta({ id: 'ErrorCode' });
export type ErrorCode = z.infer<typeof errorCodeSchema>;

/** One problem with one field of a request. `path` is dotted, for example `files.0.path`. */
export const fieldProblemSchema = z.object({ path: z.string(), message: z.string() });
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

/** RFC 9457 problem details; the media type is `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: errorCodeSchema,
    requestId: z.string(),
    problems: z.array(fieldProblemSchema).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
