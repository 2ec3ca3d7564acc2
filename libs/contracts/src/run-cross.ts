import { z } from 'zod';
import { diagnosticSchema } from './run-diagnostics.ts';

/** The systems that programs can be built for, as GOOS/GOARCH; the agent knows the same. */
export const crossTargetSchema = z.enum([
  'linux/amd64',
  'linux/arm64',
  'linux/386',
  'linux/riscv64',
  'darwin/amd64',
  'darwin/arm64',
  'windows/amd64',
  'windows/arm64',
  'freebsd/amd64',
  'js/wasm',
  'wasip1/wasm',
]);
export type CrossTarget = z.infer<typeof crossTargetSchema>;

/** What came out of building for one system, or why nothing did. */
export const crossBodySchema = z.object({
  type: z.literal('cross_built'),
  target: crossTargetSchema,
  built: z.boolean(),
  sizeBytes: z.int(),
  /** Read from the file; null when nothing was built. */
  format: z.enum(['ELF', 'Mach-O', 'PE', 'wasm']).nullable(),
  /** It loads no library when it starts. */
  static: z.boolean(),
  libraries: z.array(z.string()),
  buildMs: z.number(),
  /** The limit that the build went over. */
  limit: z.enum(['cpu', 'memory', 'pids', 'disk', 'output']).nullable(),
  diagnostics: z.array(diagnosticSchema),
});
export type CrossBody = z.infer<typeof crossBodySchema>;
