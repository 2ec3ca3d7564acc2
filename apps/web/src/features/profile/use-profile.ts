import type { Artifact } from '@lineage/contracts';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../shared/api/index.ts';
import type {
  ProfileFacts,
  ProfileProblem,
  ProfileSlice,
  WorkerAnswer,
  WorkerRequest,
} from './profile-messages.ts';

export type LoadedProfile = {
  /** The artifact that `facts` and `slice` are of; null before the first. */
  readonly of: string | null;
  readonly facts: ProfileFacts | null;
  readonly slice: ProfileSlice | null;
  /** Why the file cannot be drawn. */
  readonly problem: ProfileProblem | null;
  /** The file could not be fetched. */
  readonly error: unknown;
  /** Adds up another type of value. */
  readonly chooseType: (type: number) => void;
};

export const contentAddress = ({ id }: Pick<Artifact, 'id'>): string => `/api/artifacts/${id}/content`;

/** Fetches a profile and reads it in a worker. */
export function useProfile(artifact: Artifact): LoadedProfile {
  const [shown, setShown] = useState<Omit<LoadedProfile, 'chooseType'>>({
    of: null,
    facts: null,
    slice: null,
    problem: null,
    error: null,
  });
  const worker = useRef<Worker | null>(null);
  const { id } = artifact;
  useEffect(() => {
    const reader = new Worker(new URL('./profile.worker.ts', import.meta.url), { type: 'module' });
    const stop = new AbortController();
    worker.current = reader;
    let facts: ProfileFacts | null = null;
    reader.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      // Shown together: until then the profile before it stays, and so does the focus among its tools.
      if (data.kind === 'facts') facts = data.facts;
      else if (data.kind === 'slice')
        setShown({ of: id, facts, slice: data.slice, problem: null, error: null });
      else if (data.kind === 'problem') setShown((old) => ({ ...old, problem: data.problem }));
    };
    reader.onerror = () => setShown((old) => ({ ...old, problem: 'internal' }));
    fetchBytes(contentAddress({ id }), stop.signal).then(
      (bytes) => reader.postMessage({ bytes } satisfies WorkerRequest, [bytes.buffer]),
      (error: unknown) => {
        if (!stop.signal.aborted) setShown((old) => ({ ...old, error }));
      },
    );
    return () => {
      stop.abort();
      reader.terminate();
      worker.current = null;
    };
  }, [id]);
  const chooseType = (type: number): void => worker.current?.postMessage({ type } satisfies WorkerRequest);
  return { ...shown, chooseType };
}

/** A profile's bytes, within the page's login. @throws ApiError */
export async function fetchBytes(address: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(address, { signal, credentials: 'same-origin' });
  if (!answer.ok) {
    throw new ApiError({
      kind: 'unreadable',
      message: `The profile answered ${answer.status}.`,
      status: answer.status,
    });
  }
  return new Uint8Array(await answer.arrayBuffer());
}
