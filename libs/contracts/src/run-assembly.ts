import { z } from 'zod';

/** One function as the compiler made it, in Go's assembler syntax. */
export const assemblyBodySchema = z.object({
  type: z.literal('assembly'),
  function: z.string(),
  path: z.string(),
  /** The line of its declaration. */
  line: z.int(),
  sizeBytes: z.int(),
  /** Bytes of stack that a call takes. */
  frameBytes: z.int(),
  /** `path` and `line` are where an instruction comes from: of an inlined call, where that was written. */
  instructions: z.array(z.object({ offset: z.int(), path: z.string(), line: z.int(), text: z.string() })),
  truncated: z.boolean(),
});
export type AssemblyBody = z.infer<typeof assemblyBodySchema>;
