import type { Quiet } from '@lineage/contracts';

/** Above this figures are not to be trusted: the runner's own measure. */
const NOISY_CORES = 0.2;

/** Whether what was measured can be believed. */
export const wasQuiet = ({ alone, otherCores }: Quiet): boolean => alone && otherCores <= NOISY_CORES;
