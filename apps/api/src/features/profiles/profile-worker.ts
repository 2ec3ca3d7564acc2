import { parentPort } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { topFrames } from '@lineage/pprof';
import { MOST_PROFILE_BYTES } from './profile-limits.ts';

// Reads a stranger's bytes in a thread of its own, which is ended when it takes too long or too much.
parentPort?.on('message', (bytes: Uint8Array) => {
  summarise(bytes).then(
    (hot) => parentPort?.postMessage({ hot }),
    (error: unknown) =>
      parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) }),
  );
});

async function summarise(bytes: Uint8Array): Promise<object | null> {
  const [hot] = await topFrames(unpack(bytes), 1);
  return hot === undefined ? null : { name: hot.name, share: hot.share, unit: hot.unit };
}

/** Here and not by the reader, which unpacks as much as a browser has room for. */
function unpack(bytes: Uint8Array): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  const plain = gunzip(bytes);
  if (isGzip(plain)) throw new Error('The profile is packed twice.');
  return plain;
}

function gunzip(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_PROFILE_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new Error(`The profile unpacks to more than ${MOST_PROFILE_BYTES} bytes.`, { cause });
    throw cause;
  }
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
