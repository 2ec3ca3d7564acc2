import type { ProfileFacts, ProfileSlice } from '../profile-messages.ts';

/** What the page gives the worker: windows by their place as they come, and which of them to add up. */
export type WindowsRequest =
  | { readonly kind: 'add'; readonly from: number; readonly windows: readonly Uint8Array<ArrayBuffer>[] }
  | {
      readonly kind: 'show';
      readonly from: number;
      readonly to: number;
      /** Null for the one to show first. */
      readonly type: number | null;
    };

export type WindowsAnswer =
  | {
      readonly kind: 'window';
      readonly at: number;
      readonly cpuNanos: number;
      /** The function that cost most in it. */
      readonly hot: string | null;
    }
  | {
      readonly kind: 'shown';
      readonly from: number;
      readonly to: number;
      readonly facts: ProfileFacts;
      readonly slice: ProfileSlice;
    }
  /** None of them could be read. */
  | { readonly kind: 'nothing'; readonly from: number; readonly to: number };
