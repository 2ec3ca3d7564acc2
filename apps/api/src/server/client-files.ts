import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toProblem, DomainError } from '../platform/errors/index.ts';

const ONE_YEAR_SECONDS = 31_536_000;
/** What the built index.html carries where each answer's nonce goes. */
const NONCE_MARK = '{{nonce}}';

/**
 * Serves the built client: hashed assets for a year, compressed at build time, and `index.html` with a fresh nonce for
 * every address that is the client's own (its routes live in the browser).
 */
export async function mountClient(server: FastifyInstance, clientDir: string): Promise<void> {
  const indexFile = path.join(clientDir, 'index.html');
  const index = fs.existsSync(indexFile) ? fs.readFileSync(indexFile, 'utf8') : null;
  server.addHook('onSend', async (request, reply) => {
    setCommonHeaders(request, reply);
  });
  if (index !== null && fs.existsSync(path.join(clientDir, 'assets'))) {
    await server.register(fastifyStatic, {
      root: path.join(clientDir, 'assets'),
      prefix: '/assets/',
      decorateReply: false,
      immutable: true,
      maxAge: ONE_YEAR_SECONDS * 1000,
      index: false,
      // The build wrote `.br` and `.gz` beside them; `Vary` says so to caches between us and the browser.
      preCompressed: true,
    });
  }
  server.get('/', (request, reply) => sendIndex(request, reply, index));
  server.get('/favicon.svg', (_, reply) => {
    const file = path.join(clientDir, 'favicon.svg');
    return fs.existsSync(file)
      ? reply.type('image/svg+xml').send(fs.createReadStream(file))
      : reply.code(404).send();
  });
  server.get('/*', (request, reply) => {
    if (isServerPath(request.url)) return notHere(request, reply);
    return sendIndex(request, reply, index);
  });
}

const isServerPath = (url: string): boolean => /^\/(api|collab|socket\.io|metrics|assets)(\/|\?|$)/.test(url);

function sendIndex(request: FastifyRequest, reply: FastifyReply, index: string | null): FastifyReply {
  if (index === null) return notHere(request, reply);
  const nonce = randomBytes(18).toString('base64');
  return reply
    .header('content-security-policy', contentSecurityPolicy(nonce))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(index.replaceAll(NONCE_MARK, nonce));
}

function notHere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(new DomainError('not_found', 'There is nothing at this address.'), request.id);
  return reply
    .code(404)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'DENY');
  if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
    void reply.header('cache-control', 'no-store');
}

/** Only our own origin. Style attributes are allowed because carets and panes are placed by them. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
