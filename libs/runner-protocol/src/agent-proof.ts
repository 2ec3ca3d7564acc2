import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';

/**
 * Proves this API to the agent and the agent to this API with the secret that both were started with.
 * An answer without the agent's proof is refused before anything in it is believed.
 */
export function proofInterceptor(secret: Uint8Array): Interceptor {
  return (next) => async (request) => {
    const nonce = `${Date.now()}.${randomBytes(16).toString('hex')}`;
    const procedure = new URL(request.url).pathname;
    request.header.set('lineage-nonce', nonce);
    request.header.set('lineage-proof', proof(secret, 'api', nonce, procedure));
    const response = await next(request);
    const given = Buffer.from(response.header.get('lineage-proof') ?? '');
    const wanted = Buffer.from(proof(secret, 'agent', nonce, procedure));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw new ConnectError('the answer does not prove that it comes from our agent', Code.Unauthenticated);
    }
    return response;
  };
}

/** The proof of one side for one call, as the protocol says. */
export function proof(secret: Uint8Array, side: 'api' | 'agent', nonce: string, procedure: string): string {
  return createHmac('sha256', secret).update(`${side}\n${nonce}\n${procedure}`).digest('hex');
}
