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

/** A release of Go, as `go version` names it. */
export const goVersionSchema = z.string().regex(/^go1\.\d{1,2}(\.\d{1,3})?$/);

/** The releases that programs can be built with, the usual one first. */
export const goVersionsSchema = z.object({ versions: z.array(goVersionSchema) }).meta({ id: 'GoVersions' });

/** The kinds of run that an experiment or another release is for: what executes, and is not graded. */
export const takesExperiment = (kind: string): boolean => ['run', 'test', 'bench'].includes(kind);
