import { parentPort } from 'node:worker_threads';
import { topFrames } from '@lineage/pprof';

// Reads a stranger's bytes in a thread of its own, which is ended when it takes too long or too much.
parentPort?.on('message', (bytes: Uint8Array) => {
  topFrames(bytes, 1).then(
    ([hot]) =>
      parentPort?.postMessage({
        hot: hot === undefined ? null : { name: hot.name, share: hot.share, unit: hot.unit },
      }),
    (error: unknown) =>
      parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) }),
  );
});
