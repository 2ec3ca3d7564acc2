import { inflate } from './inflate.ts';
import type { Profile } from './profile.ts';
import { readRawProfile } from './raw-profile.ts';
import { resolveProfile } from './resolve-profile.ts';

/**
 * Reads a pprof file, gzipped or not, as Go's `runtime/pprof` and every other producer writes it. Names and file paths
 * come as they stand in the file: text from a stranger. `drop_frames` and `keep_frames` are not applied (Go sets none;
 * they are regular expressions of a stranger). Works in browsers, workers and Node.
 * @throws ProfileDecodeError, and nothing else, whatever the bytes
 */
export async function decodeProfile(bytes: Uint8Array): Promise<Profile> {
  return resolveProfile(readRawProfile(await inflate(bytes)));
}
