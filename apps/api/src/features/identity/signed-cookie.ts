import { createHmac } from 'node:crypto';

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
  const signature = createHmac('sha256', secret).update(value).digest('base64');
  const parts = [`${name}=${encodeURIComponent(`${value}.${signature}`)}`, `Path=${attributes.path ?? '/'}`];
  if (attributes.maxAge !== undefined) parts.push(`Max-Age=${attributes.maxAge}`);
  if (attributes.httpOnly !== false) parts.push('HttpOnly');
  if (attributes.secure === true) parts.push('Secure');
  parts.push(`SameSite=${capitalised(attributes.sameSite ?? 'lax')}`);
  return parts.join('; ');
}

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
