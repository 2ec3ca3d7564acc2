import { z } from 'zod';

/**
 * Settings of GOEXPERIMENT that a run may be built with, beside the release's own; the agent knows the same. Each takes
 * half a minute at its first use on a machine.
 */
export const goExperimentSchema = z.enum([
  'nogreenteagc',
  'nosizespecializedmalloc',
  'norandomizedheapbase64',
  'nojsonv2',
]);
export type GoExperiment = z.infer<typeof goExperimentSchema>;

/** The kinds of run that an experiment is for: what executes, and is not graded. */
export const takesExperiment = (kind: string): boolean => ['run', 'test', 'bench'].includes(kind);
