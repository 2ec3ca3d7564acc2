import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../config/index.ts';
import { apiIdentity } from './api-identity.ts';

const identity = apiIdentity(new Secret('a secret of this instance, long enough'));

describe('apiIdentity', () => {
  it('is the same in every process that has the secret, and another one with another secret', () => {
    expect(apiIdentity(new Secret('a secret of this instance, long enough'))).toEqual(identity);
    const other = apiIdentity(new Secret('a secret of another instance'));
    expect(other.keyHash).not.toBe(identity.keyHash);
    expect(identity.keyHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has a certificate that its own key signed and that does not expire', () => {
    const certificate = new X509Certificate(identity.certificate);
    expect(certificate.verify(createPublicKey(identity.key))).toBe(true);
    expect(certificate.subject).toBe('CN=lineage-api');
    expect(certificate.validToDate.getUTCFullYear()).toBe(9999);
  });
});
