import { hkdfSync } from 'node:crypto';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { Secret } from '../../config/index.ts';

/** A key exchange of its own for each link, proved by the key that both ends derive; no certificate is involved. */
const CIPHERS = 'ECDHE-PSK-CHACHA20-POLY1305';
const IDENTITY = 'lineage-peer';
const KEY_BYTES = 32;

/** The key of links, from which the secret cannot be told. */
export function peerKey(secret: Secret): Buffer {
  return Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'lineage peer link v1', KEY_BYTES));
}

/** Whoever has not the key fails in the handshake. */
export const peerServerTls = (key: Buffer): TlsOptions => ({
  ciphers: CIPHERS,
  maxVersion: 'TLSv1.2',
  pskCallback: (_socket, identity) => (identity === IDENTITY ? key : null),
});

export const peerClientTls = (key: Buffer): ConnectionOptions => ({
  ciphers: CIPHERS,
  maxVersion: 'TLSv1.2',
  pskCallback: () => ({ psk: key, identity: IDENTITY }),
  // There is no certificate whose name could be checked: the key is the proof.
  checkServerIdentity: () => undefined,
});
