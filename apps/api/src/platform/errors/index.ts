export { DomainError, notFound } from './domain-error.ts';
export { ProblemFilter, toProblem } from './problem.filter.ts';
export { statusOf } from './status.ts';
