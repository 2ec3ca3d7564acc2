import { StandardSchemaValidationPipe } from '@nestjs/common';
import { DomainError } from '../errors/domain-error.ts';

/** At most this many problems are told at once: enough to mend a form, too few to be a way of amplifying. */
const MAX_PROBLEMS = 20;

/** Validates bodies, parameters and queries that carry a schema; a refusal names each field and what is wrong. */
export const validationPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    new DomainError('bad_request', 'Some of what was sent is not as it has to be; see the problems.', {
      problems: issues.slice(0, MAX_PROBLEMS).map((issue) => ({
        path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
        message: issue.message,
      })),
    }),
});
