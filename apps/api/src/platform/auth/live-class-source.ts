import type { ClassSessionId, CohortId } from '@lineage/contracts';

/** Port that the classroom feature fills: which class sessions of these cohorts are live now? */
export abstract class LiveClassSource {
  abstract liveFor(cohortIds: readonly CohortId[]): Promise<ClassSessionId[]>;
}
