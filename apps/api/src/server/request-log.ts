import type { FastifyInstance } from 'fastify';
import { log } from '../platform/logging/index.ts';

/** One line a request (refused ones are shown by default), with its id and without its query string, which may hold what is not for logs. */
export function logRequests(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const fields = {
      requestId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (reply.statusCode >= 500) log.error(fields, 'request');
    else if (reply.statusCode >= 400) log.info(fields, 'request refused');
    else log.debug(fields, 'request');
  });
}
