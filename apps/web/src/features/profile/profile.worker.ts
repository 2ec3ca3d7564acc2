import {
  buildCallTree,
  decodeProfile,
  functionCosts,
  ProfileDecodeError,
  sourceHeat,
  totalOf,
  type Profile,
} from '@lineage/pprof';
import type { WorkerAnswer, WorkerRequest } from './profile-messages.ts';

// Decoding and adding up happen here, so that a large or hostile file holds up no typing.
let profile: Profile | null = null;

const answer = (message: WorkerAnswer): void => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  handle(data).catch((error: unknown) =>
    answer({ kind: 'problem', problem: error instanceof ProfileDecodeError ? error.code : 'internal' }),
  );
});

async function handle(request: WorkerRequest): Promise<void> {
  if ('bytes' in request) {
    profile = await decodeProfile(request.bytes);
    if (request.only === 'heat') return answer({ kind: 'heat', lines: sourceHeat(profile) });
    const { functions, files, sampleTypes, defaultType } = profile;
    answer({ kind: 'facts', facts: { functions, files, sampleTypes, defaultType } });
    return slice(profile, defaultType);
  }
  if (profile !== null) slice(profile, request.type);
}

function slice(of: Profile, type: number): void {
  answer({
    kind: 'slice',
    slice: { type, tree: buildCallTree(of, type), costs: functionCosts(of, type), total: totalOf(of, type) },
  });
}
