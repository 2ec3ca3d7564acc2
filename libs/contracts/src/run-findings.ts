import { z } from 'zod';

/** One call on a goroutine's stack. `path` names a file of the workspace only when `inWorkspace`; line 0 is not known. */
export const frameSchema = z.object({
  function: z.string(),
  path: z.string(),
  line: z.int(),
  inWorkspace: z.boolean(),
});
export type Frame = z.infer<typeof frameSchema>;

/** Innermost call first; `elided` when calls are left out. */
export const stackSchema = z.object({ frames: z.array(frameSchema), elided: z.boolean() });
export type Stack = z.infer<typeof stackSchema>;

/** One of the two accesses that nothing orders. */
export const raceAccessSchema = z.object({
  write: z.boolean(),
  atomic: z.boolean(),
  /** Hexadecimal with `0x`: it may need 64 bits. */
  address: z.string(),
  /** 0 is the main goroutine. */
  goroutine: z.number(),
  stack: stackSchema,
  /** Where the goroutine was started; no frames for the main one. */
  created: stackSchema,
});
export type RaceAccess = z.infer<typeof raceAccessSchema>;

export const goroutineSchema = z.object({
  id: z.number(),
  /** The runtime's word: `running`, `chan receive`, `select` … */
  state: z.string(),
  waitMinutes: z.int(),
  lockedToThread: z.boolean(),
  stack: stackSchema,
  /** The call that started it; null for the main one. */
  createdBy: frameSchema.nullable(),
  createdIn: z.number(),
});
export type Goroutine = z.infer<typeof goroutineSchema>;

export const remarkKindSchema = z.enum([
  'can_inline',
  'cannot_inline',
  'inlined',
  'heap',
  'stack',
  'leak',
  'bounds_check',
  'other',
]);
export type RemarkKind = z.infer<typeof remarkKindSchema>;

/** One decision of the compiler about a line, in its own words. */
export const remarkSchema = z.object({
  path: z.string(),
  line: z.int(),
  column: z.int(),
  kind: remarkKindSchema,
  message: z.string(),
  /** How a value gets to where it escapes, a line each. */
  flow: z.array(z.string()),
});
export type Remark = z.infer<typeof remarkSchema>;
