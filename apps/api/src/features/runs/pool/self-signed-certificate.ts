import { type KeyObject, sign, X509Certificate } from 'node:crypto';

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const EXPLICIT_0 = 0xa0;

/** Identifiers with their tag and length: id-Ed25519 (RFC 8410) and commonName (X.520). */
const ED25519 = Buffer.from('06032b6570', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');

/** RFC 5280, section 4.1.2.5: "no well-defined expiration date". The key ends with the secret it is made from. */
const NOT_BEFORE = '20200101000000Z';
const NOT_AFTER = '99991231235959Z';

/**
 * A certificate (RFC 5280) for an Ed25519 key, in PEM. TLS has no other way to show a client's key; whoever checks it
 * knows the key already and believes none of the fields. The same key and name give the same bytes.
 */
export function selfSignedCertificate(key: KeyObject, publicKey: KeyObject, name: string): string {
  const algorithm = der(SEQUENCE, ED25519);
  const subject = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(name, 'utf8')))),
  );
  const toBeSigned = der(
    SEQUENCE,
    der(EXPLICIT_0, der(INTEGER, Buffer.of(2))), // version 3
    der(INTEGER, Buffer.of(1)),
    algorithm,
    subject,
    der(SEQUENCE, time(NOT_BEFORE), time(NOT_AFTER)),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
  );
  const signature = der(BIT_STRING, Buffer.of(0), sign(null, toBeSigned, key));
  return new X509Certificate(der(SEQUENCE, toBeSigned, algorithm, signature)).toString();
}

const time = (text: string): Buffer => der(GENERALIZED_TIME, Buffer.from(text, 'ascii'));

/** One value in the distinguished encoding (X.690): tag, length, contents. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const contents = Buffer.concat(parts);
  if (contents.length < 0x80) return Buffer.concat([Buffer.of(tag, contents.length), contents]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(contents.length);
  const bytes = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.of(tag, 0x80 | bytes.length), bytes, contents]);
}
