import {
  applyDecorators,
  Body,
  createParamDecorator,
  Delete,
  type ExecutionContext,
  Get,
  HttpCode,
  Post,
  Put,
  SerializeOptions,
} from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { type RouteName, routes } from '@lineage/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../errors/domain-error.ts';

const methods = { GET: Get, POST: Post, PUT: Put, DELETE: Delete };

/**
 * Binds a handler to one route of the contract: method, path, and the schema that its answer is passed through.
 * Success is always 200, so that a client needs one table only.
 */
export function Endpoint(name: RouteName): MethodDecorator {
  const { method, path, response } = routes[name];
  return applyDecorators(
    methods[method](path),
    HttpCode(200),
    SerializeOptions({ schema: response }),
    ApiOkResponse({ standardSchema: response }),
  );
}

/** The body of one route of the contract, validated by its schema. */
export function EndpointBody(name: RouteName): ParameterDecorator {
  const { body } = routes[name];
  if (body === null) throw new Error(`route ${name} takes no body`);
  return Body({ schema: body });
}

const keyPattern = /^[\w-]{8,128}$/;

/** The `Idempotency-Key` header: the same key repeats the answer of the first request instead of acting again. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const key = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    throw new DomainError(
      'bad_request',
      'Send an Idempotency-Key header of 8 to 128 letters, digits, "-" or "_".',
    );
  }
  return key;
});

/** When the server began to receive the request: what is timed for people counts from here. */
export const ReceivedAt = createParamDecorator((_: unknown, context: ExecutionContext): Date => {
  const { elapsedTime } = context.switchToHttp().getResponse<FastifyReply>();
  return new Date(Date.now() - elapsedTime);
});
