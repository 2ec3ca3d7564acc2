import * as Y from 'yjs';
import { readDecodedFacts } from './decoded-facts.ts';
import { FrameError } from './frame-error.ts';
import { readTypingFacts } from './typing-facts.ts';

export type Range = { readonly client: number; readonly clock: number; readonly length: number };

/** What an update would do, read without applying it. */
export type UpdateFacts = {
  readonly structs: readonly Range[];
  readonly deletes: readonly Range[];
  /** Operations that have to be there before: origins and parents. */
  readonly needs: readonly { readonly client: number; readonly clock: number }[];
  /** UTF-16 units of text inserted. */
  readonly insertedUnits: number;
  /** Only text in, text out: neither a file nor a name changes by insertion. */
  readonly onlyText: boolean;
};

/**
 * Reads a V1 update. Foreign roots and content that a workspace document does not have are refused here.
 * @throws FrameError and nothing else, whatever the bytes are
 */
export function readUpdateFacts(update: Uint8Array): UpdateFacts {
  return readTypingFacts(update) ?? readDecodedFacts(update);
}

/** The clients and clocks of a state vector. @throws FrameError */
export function readStateVector(stateVector: Uint8Array): Map<number, number> {
  try {
    return Y.decodeStateVector(stateVector);
  } catch {
    throw new FrameError('a state vector that cannot be read');
  }
}
