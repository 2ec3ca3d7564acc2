/** What a sample's number means, as in `cpu` and `nanoseconds`. */
export type ValueType = { readonly type: string; readonly unit: string };

/** Labels of samples in columns: label i belongs to `sample[i]`; `text` is '' for a number. */
export type Labels = {
  readonly sample: Uint32Array;
  readonly key: readonly string[];
  readonly text: readonly string[];
  readonly number: Float64Array;
  readonly unit: readonly string[];
};

/**
 * A profile as columns. A frame is one (function, file, line) that was seen; a stack lists frames from the leaf to the
 * outermost caller, inlined callers included. Functions are what `go tool pprof` calls so: one for each name.
 */
export type Profile = {
  readonly sampleTypes: readonly ValueType[];
  /** Index of the type to show first: the one that the file names, else the last. */
  readonly defaultType: number;
  readonly sampleCount: number;
  /** The value of type t of sample i is at `i * sampleTypes.length + t`; may be negative in a difference. */
  readonly values: Float64Array;
  /** Frames of sample i: `stack[stackStart[i] .. stackStart[i + 1]]`. */
  readonly stackStart: Uint32Array;
  readonly stack: Uint32Array;
  readonly frameFunction: Uint32Array;
  readonly frameFile: Uint32Array;
  /** 0 when unknown. */
  readonly frameLine: Uint32Array;
  readonly functions: readonly string[];
  readonly files: readonly string[];
  readonly labels: Labels;
  /** Nanoseconds since 1970, 0 when unknown; rounded to some 256 ns as every date in a double. */
  readonly timeNanos: number;
  readonly durationNanos: number;
  readonly period: number;
  readonly periodType: ValueType | null;
  readonly comments: readonly string[];
};
