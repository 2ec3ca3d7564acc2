import type { FastifyInstance } from 'fastify';
import type { DomainEvents } from '../../platform/events/index.ts';
import type { AccountId } from '@lineage/contracts';
import { fromNodeHeaders } from 'better-auth/node';
import type { LoginLibrary } from './login-library.ts';

/** A login form is small; anything larger is not one. */
const MAX_LOGIN_BODY_BYTES = 16 * 1024;
const endsLogins = new Set([
  '/api/auth/sign-out',
  '/api/auth/revoke-session',
  '/api/auth/revoke-sessions',
  '/api/auth/revoke-other-sessions',
]);

/** Hands `/api/auth/*` to the login library, which answers with web-standard requests and responses. */
export function mountLoginRoutes(
  server: FastifyInstance,
  library: LoginLibrary,
  origin: () => string,
  events: DomainEvents,
): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    bodyLimit: MAX_LOGIN_BODY_BYTES,
    handler: async (request, reply) => {
      const url = new URL(request.url, origin());
      const headers = fromNodeHeaders(request.headers);
      const path = url.pathname;
      const ending = endsLogins.has(path) ? await library.auth.api.getSession({ headers }) : null;
      const body = request.method === 'POST' ? JSON.stringify(request.body ?? {}) : null;
      // The length was that of the body as it came; this one is written anew.
      headers.delete('content-length');
      const answer = await library.auth.handler(new Request(url, { method: request.method, headers, body }));
      if (ending !== null && answer.ok) {
        const own = path.endsWith('sign-out') ? ending.session.id : null;
        events.publish('login.ended', { accountId: ending.user.id as AccountId, loginId: own });
      }
      void reply.code(answer.status);
      for (const [name, value] of answer.headers) {
        if (name !== 'set-cookie') void reply.header(name, value);
      }
      const cookies = answer.headers.getSetCookie();
      if (cookies.length > 0) void reply.header('set-cookie', cookies);
      return reply.send(await answer.text());
    },
  });
}
