import { createHmac, timingSafeEqual } from 'node:crypto';

type CookieAttributes = {
  readonly path?: string | undefined;
  readonly httpOnly?: boolean | undefined;
  readonly secure?: boolean | undefined;
  readonly sameSite?: string | undefined;
  readonly maxAge?: number | undefined;
};

/** A `Set-Cookie` value as the login library signs its own: value, dot, base64 HMAC-SHA256 of the value, URL-encoded. */
export function signedCookie(
  name: string,
  value: string,
  secret: string,
  attributes: CookieAttributes,
): string {
  const signature = signatureOf(value, secret).toString('base64');
  const parts = [`${name}=${encodeURIComponent(`${value}.${signature}`)}`, `Path=${attributes.path ?? '/'}`];
  if (attributes.maxAge !== undefined) parts.push(`Max-Age=${attributes.maxAge}`);
  if (attributes.httpOnly !== false) parts.push('HttpOnly');
  if (attributes.secure === true) parts.push('Secure');
  parts.push(`SameSite=${capitalised(attributes.sameSite ?? 'lax')}`);
  return parts.join('; ');
}

/**
 * The value of a signed cookie in a `Cookie` header; null when it is not there, not signed with this secret, or not written
 * as browsers send it back: whoever needs to know which asks the login library.
 */
export function readSignedCookie(header: string, name: string, secret: string): string | null {
  const given = header.split(';').flatMap((pair) => {
    const [key = '', ...rest] = pair.split('=');
    return key.trim() === name ? [rest.join('=').trim()] : [];
  });
  // Of several, which one counts is the library's to say.
  const [encoded] = given;
  if (given.length !== 1 || encoded === undefined || !cookiePattern.test(encoded)) return null;
  const signed = decodeURIComponent(encoded);
  const dot = signed.lastIndexOf('.');
  const value = signed.slice(0, dot);
  const signature = Buffer.from(signed.slice(dot + 1), 'base64');
  const wanted = signatureOf(value, secret);
  return signature.length === wanted.length && timingSafeEqual(signature, wanted) ? value : null;
}

/** A token, a dot and base64, with what a URL cannot have as `%` and two digits of ASCII. */
const cookiePattern = /^(?:[\w.~+/=-]|%[2-7][0-9A-F]){40,500}$/;

const signatureOf = (value: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(value).digest();

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
