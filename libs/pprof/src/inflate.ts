import { MAX_FILE_BYTES, MAX_INFLATED_BYTES } from './limits.ts';
import { ProfileDecodeError } from './profile-decode-error.ts';

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The profile's own bytes, unpacked when they are gzipped. Unpacking stops at `maxBytes`, so a bomb costs no more than
 * that. @throws ProfileDecodeError
 */
export async function inflate(bytes: Uint8Array, maxBytes = MAX_INFLATED_BYTES): Promise<Uint8Array> {
  if (bytes.length === 0) throw new ProfileDecodeError('truncated', 'The file is empty.');
  if (bytes.length > MAX_FILE_BYTES)
    throw new ProfileDecodeError('too_large', `The file has ${bytes.length} bytes, over ${MAX_FILE_BYTES}.`);
  return isGzip(bytes) ? gunzip(bytes, maxBytes) : bytes;
}

async function gunzip(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw gzipError(error);
    });
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw new ProfileDecodeError('bomb', `The file unpacks to more than ${maxBytes} bytes.`);
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Platforms have one error class for every fault of a gzip stream; only their words tell them apart. */
function gzipError(error: unknown): ProfileDecodeError {
  const cause = error instanceof Error ? error.cause : undefined;
  const words = `${String(error)} ${String(cause)}`;
  return /truncat|unexpected end|premature/i.test(words)
    ? new ProfileDecodeError('truncated', 'The gzip stream ends too early.', { cause: error })
    : new ProfileDecodeError('malformed', 'The gzip stream is damaged.', { cause: error });
}
