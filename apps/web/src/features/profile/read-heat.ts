import type { Artifact } from '@lineage/contracts';
import type { LineCost } from '@lineage/pprof';
import type { WorkerAnswer, WorkerRequest } from './profile-messages.ts';
import { placeInWorkspace } from './source-place.ts';
import { contentAddress, fetchBytes } from './use-profile.ts';

/** A line's part of a profile, 0..1: of the samples that were in it or in what it called. */
export type LineHeat = { readonly file: string; readonly line: number; readonly share: number };

/**
 * What the lines of the workspace cost in a profile, added up in a worker. Empty for a file that cannot be read: the
 * flame graph says why. @throws ApiError when the file cannot be fetched, and the signal's reason when it is aborted
 */
export async function readHeat(artifact: Pick<Artifact, 'id'>, signal: AbortSignal): Promise<LineHeat[]> {
  const bytes = await fetchBytes(contentAddress(artifact), signal);
  const worker = new Worker(new URL('./profile.worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      worker.onerror = () => resolve([]);
      worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) =>
        resolve(data.kind === 'heat' ? heatOf(data.lines) : []);
      worker.postMessage({ bytes, only: 'heat' } satisfies WorkerRequest, [bytes.buffer]);
    });
  } finally {
    worker.terminate();
  }
}

/** Costs of lines as shares, with files as the workspace has them. */
export const heatOf = (lines: readonly LineCost[]): LineHeat[] =>
  lines.map(({ file, line, cumShare }) => ({ file: placeInWorkspace(file), line, share: cumShare }));
