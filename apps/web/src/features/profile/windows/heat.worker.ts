import { decodeProfile, HeatSum, type LineCost } from '@lineage/pprof';

// Windows are as hostile as profiles: one that cannot be read is passed over, and holds up no typing.
const heat = new HeatSum();
let queue: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<readonly Uint8Array<ArrayBuffer>[]>) => {
  queue = queue.then(async () => {
    for (const bytes of data) {
      const window = await decodeProfile(bytes).catch(() => null);
      if (window !== null) heat.add(window);
    }
    postMessage(heat.lines() satisfies readonly LineCost[]);
  });
});
