import { randomBytes } from 'node:crypto';
import { createClient, createRouterTransport } from '@connectrpc/connect';
import { proof, proofInterceptor, RunnerService } from '@lineage/runner-protocol';
import { describe, expect, it } from 'vitest';

const secret = randomBytes(32);
const procedure = '/lineage.runner.v1.RunnerService/Describe';

function describeWith(answerSecret: Uint8Array): Promise<unknown> {
  const transport = createRouterTransport(
    (router) =>
      router.rpc(RunnerService.method.describe, (_, context) => {
        const nonce = context.requestHeader.get('lineage-nonce') ?? '';
        expect(context.requestHeader.get('lineage-proof')).toBe(proof(secret, 'api', nonce, procedure));
        context.responseHeader.set('lineage-proof', proof(answerSecret, 'agent', nonce, procedure));
        return { agentVersion: '1' };
      }),
    { transport: { interceptors: [proofInterceptor(secret)] } },
  );
  return createClient(RunnerService, transport).describe({});
}

describe('proofInterceptor', () => {
  it('accepts the agent that knows the secret', async () => {
    await expect(describeWith(secret)).resolves.toMatchObject({ agentVersion: '1' });
  });

  it('refuses an answer from anybody else', async () => {
    await expect(describeWith(randomBytes(32))).rejects.toThrow(/does not prove/);
  });
});
