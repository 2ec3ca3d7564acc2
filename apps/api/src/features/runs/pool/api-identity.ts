import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Secret } from '../../../config/index.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';

/** Binds the derived key to this use; other keys from the same secret have other words. */
const PURPOSE = 'lineage runner api v1';
/** An Ed25519 private key in PKCS #8 up to its 32 bytes (RFC 8410, section 7). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** With what this API proves itself to agents on TCP. */
export type ApiIdentity = {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM. Its fields decide nothing: agents know the key. */
  readonly certificate: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo) in hexadecimal: what an agent is started with. */
  readonly keyHash: string;
};

/** The same for every process that has the same secret, so that each replica can speak to each agent. */
export function apiIdentity(secret: Secret): ApiIdentity {
  const seed = Buffer.from(hkdfSync('sha256', secret.reveal(), '', PURPOSE, 32));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key);
  return {
    key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: selfSignedCertificate(key, publicKey, 'lineage-api'),
    keyHash: createHash('sha256').update(spki(publicKey)).digest('hex'),
  };
}

function spki(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}
