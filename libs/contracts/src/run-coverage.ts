import { z } from 'zod';

/**
 * Statements that run together: first line and column, last line and the column after it (bytes, all from 1), how many
 * statements, and how often they ran. A tuple, because a file has thousands.
 */
export const coverageBlockSchema = z.tuple([z.int(), z.int(), z.int(), z.int(), z.int(), z.int()]);
export type CoverageBlock = z.infer<typeof coverageBlockSchema>;

/** How often each block of one file ran, in the order of the source. The counts are the program's, so self-reported. */
export const coverageBodySchema = z.object({
  type: z.literal('coverage'),
  path: z.string(),
  /** The import path of its package. */
  package: z.string(),
  blocks: z.array(coverageBlockSchema),
  /** FNV-1a (32 bits) of each line's bytes without its end: the text that was counted. */
  lineSums: z.array(z.int()),
});
export type CoverageBody = z.infer<typeof coverageBodySchema>;
