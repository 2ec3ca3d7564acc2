import { z } from 'zod';

/** One problem of the source. Lines and columns (bytes) count from 1; `path` is a file of the workspace. */
export const diagnosticSchema = z.object({
  path: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  /** `compile`, `vet` or `module`. */
  source: z.string(),
  /** For vet: the analyzer that found it, for example `printf`. */
  rule: z.string().optional(),
});
export type Diagnostic = z.infer<typeof diagnosticSchema>;
