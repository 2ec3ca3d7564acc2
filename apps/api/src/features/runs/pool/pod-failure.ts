import type { RunnerFailureWord } from '@lineage/contracts';
import type { PodStatus } from './pod-facts.ts';

/** Why a pod is of no use: a word of a closed set, for metrics, and a sentence for the group whose run it was. */
export type PodFailure = { readonly word: FailureWord; readonly sentence: string };

export type FailureWord = RunnerFailureWord;

const sentences: Record<FailureWord, string> = {
  out_of_memory: 'The runner was ended because what ran in it needed more memory than it has.',
  evicted: 'The machine of the runner ran short of memory or disk, so the runner was moved.',
  too_old: 'The runner had reached its longest life and was ended.',
  crashed: 'The runner ended by itself.',
  deleted: 'The runner was ended by somebody who looks after the machines.',
  wedged: 'The runner did not answer any more and was ended.',
  unreachable: 'The runner could not be reached over the network.',
  unproven: 'The runner could not prove which one it is, and was ended.',
  no_room: 'No machine has room for another runner.',
  no_image: 'The image of the runner could not be had.',
  no_container: 'The machine of the runner lacks something that the settings of runners name.',
  slow_start: 'The runner did not become ready in time.',
  orphaned: 'The server that had the runner is gone, so the runner was ended.',
};

export const failed = (word: FailureWord): PodFailure => ({ word, sentence: sentences[word] });

/** Words of the kubelet for a pod that it ended itself. */
const endings: Readonly<Record<string, FailureWord>> = {
  OOMKilled: 'out_of_memory',
  Evicted: 'evicted',
  Preempting: 'evicted',
  TerminationByKubelet: 'evicted',
  NodeShutdown: 'evicted',
  Terminated: 'evicted',
  DeadlineExceeded: 'too_old',
  NodeLost: 'deleted',
};

/** Null while the pod may still be of use. */
export function failureOf({ phase, reason, containerStatuses, conditions }: PodStatus): PodFailure | null {
  const ended = containerStatuses.flatMap(({ state }) => state.terminated ?? []);
  if (phase !== 'Failed' && phase !== 'Succeeded' && ended.length === 0) return null;
  const disrupted = conditions.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
  for (const word of [reason, disrupted?.reason, ...ended.map((one) => one.reason)]) {
    const known = word === undefined ? undefined : endings[word];
    if (known !== undefined) return failed(known);
  }
  return failed(disrupted === undefined ? 'crashed' : 'evicted');
}

const imageTroubles = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
]);

/** For example a seccomp profile that is not on the machine. */
const containerTroubles = new Set([
  'CreateContainerError',
  'CreateContainerConfigError',
  'RunContainerError',
]);

/** Null when nothing is known to keep the pod from starting. */
export function waitingOf({ conditions, containerStatuses }: PodStatus): PodFailure | null {
  if (conditions.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable'))
    return failed('no_room');
  const why = containerStatuses.flatMap(({ state }) => state.waiting?.reason ?? []);
  if (why.some((reason) => imageTroubles.has(reason))) return failed('no_image');
  return why.some((reason) => containerTroubles.has(reason)) ? failed('no_container') : null;
}
