import {
  buildCallTree,
  decodeProfile,
  functionCosts,
  hotFunctions,
  mergeProfiles,
  totalOf,
} from '@lineage/pprof';
import type { Profile } from '@lineage/pprof';
import type { WindowsAnswer, WindowsRequest } from './windows-messages.ts';

// Windows of a program are as hostile as its profiles: what cannot be read is passed over, and holds up no typing.
const profiles: (Profile | null)[] = [];
let latest: Extract<WindowsRequest, { kind: 'show' }> | null = null;
let queue: Promise<void> = Promise.resolve();

const answer = (message: WindowsAnswer): void => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<WindowsRequest>) => {
  if (data.kind === 'show') latest = data;
  queue = queue.then(() => (data.kind === 'add' ? add(data) : show(data)));
});

async function add({ from, windows }: Extract<WindowsRequest, { kind: 'add' }>): Promise<void> {
  for (const [at, bytes] of windows.entries()) {
    const profile = await decodeProfile(bytes).catch(() => null);
    profiles[from + at] = profile;
    answer({
      kind: 'window',
      at: from + at,
      cpuNanos: profile === null ? 0 : totalOf(profile, profile.defaultType),
      hot: (profile === null ? undefined : hotFunctions(profile, 1)[0]?.name) ?? null,
    });
  }
}

/** Only what was asked for last is worth adding up. */
function show(request: Extract<WindowsRequest, { kind: 'show' }>): void {
  if (request !== latest) return;
  const { from, to } = request;
  const merged = mergeProfiles(
    profiles.slice(from, to + 1).filter((one) => one !== null && one !== undefined),
  );
  if (merged === null) return answer({ kind: 'nothing', from, to });
  const { functions, files, sampleTypes, defaultType } = merged;
  const type = request.type ?? defaultType;
  answer({
    kind: 'shown',
    from,
    to,
    facts: { functions, files, sampleTypes, defaultType },
    slice: {
      type,
      tree: buildCallTree(merged, type),
      costs: functionCosts(merged, type),
      total: totalOf(merged, type),
    },
  });
}
