import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Problem } from '@lineage/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { log } from '../logging/log.ts';
import { databaseTrouble } from './database-trouble.ts';
import { DomainError } from './domain-error.ts';
import { codeOfStatus, statusOf } from './status.ts';

/** The one place where an error becomes an HTTP body (RFC 9457). An unknown error is logged once, with its stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') return;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = toProblem(error, request.id);
    if (problem.status >= 500) log.error({ requestId: request.id, err: error }, 'request failed');
    if (reply.sent) return;
    void reply
      .code(problem.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(problem));
  }
}

/** Any error as problem details; what is not ours to tell becomes a fixed sentence. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof DomainError) {
    const problems = error.problems.length === 0 ? {} : { problems: [...error.problems] };
    return problem(error.code, statusOf[error.code], error.message, requestId, problems);
  }
  const trouble = databaseTrouble(error);
  if (trouble !== null) return problem('unavailable', statusOf.unavailable, trouble, requestId);
  const status = statusFrom(error);
  if (status >= 500) {
    return problem(
      'internal',
      status,
      'Something failed on our side. Nothing you saved is lost; try again, and give the request id if it stays.',
      requestId,
    );
  }
  const code = codeOfStatus(status);
  return problem(code, status, plainDetail[code] ?? 'The request was not understood.', requestId);
}

const plainDetail: Partial<Record<Problem['code'], string>> = {
  not_found: 'There is nothing at this address.',
  too_large: 'The request is larger than this address accepts.',
  bad_request: 'The request is not well-formed. Send JSON with the content type application/json.',
};

function statusFrom(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (
    typeof error === 'object' &&
    error !== null &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
  ) {
    return error.statusCode;
  }
  return 500;
}

function problem(
  code: Problem['code'],
  status: number,
  detail: string,
  requestId: string,
  more: Partial<Problem> = {},
): Problem {
  return {
    type: `urn:lineage:problem:${code}`,
    title: code.replaceAll('_', ' '),
    status,
    detail,
    code,
    requestId,
    ...more,
  };
}
