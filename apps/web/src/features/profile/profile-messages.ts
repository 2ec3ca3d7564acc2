import type { CallTree, Costs, LineCost, ProfileDecodeCode, ValueType } from '@lineage/pprof';

/** What the page asks of the worker: the bytes once, then one type of value after the other; or only what lines cost. */
export type WorkerRequest =
  { readonly bytes: Uint8Array<ArrayBuffer>; readonly only?: 'heat' } | { readonly type: number };

/** What is drawn of one type of value. */
export type ProfileSlice = {
  readonly type: number;
  readonly tree: CallTree;
  readonly costs: Costs;
  readonly total: number;
};

export type ProfileFacts = {
  readonly functions: readonly string[];
  readonly files: readonly string[];
  readonly sampleTypes: readonly ValueType[];
  readonly defaultType: number;
};

/** Why a file cannot be drawn; `internal` is a fault of ours. */
export type ProfileProblem = ProfileDecodeCode | 'internal';

export type WorkerAnswer =
  | { readonly kind: 'facts'; readonly facts: ProfileFacts }
  | { readonly kind: 'slice'; readonly slice: ProfileSlice }
  | { readonly kind: 'heat'; readonly lines: readonly LineCost[] }
  | { readonly kind: 'problem'; readonly problem: ProfileProblem };
