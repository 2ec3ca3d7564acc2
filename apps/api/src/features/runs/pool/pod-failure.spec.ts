import { describe, expect, it } from 'vitest';
import { podFacts } from './pod-facts.ts';

const pod = (status: object) =>
  podFacts({
    metadata: { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-11-25T12:00:00Z' },
    status,
  });
const terminated = (reason: string) => ({
  containerStatuses: [{ state: { terminated: { reason, exitCode: 137 } } }],
});
const condition = (type: string, status: string, reason: string) => ({
  conditions: [{ type, status, reason }],
});

describe('a pod', () => {
  it.each([
    ['out_of_memory', { phase: 'Failed', ...terminated('OOMKilled') }],
    // The kubelet tells of the container first.
    ['out_of_memory', { phase: 'Running', ...terminated('OOMKilled') }],
    ['evicted', { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }],
    ['evicted', { phase: 'Failed', ...condition('DisruptionTarget', 'True', 'PreemptionByScheduler') }],
    ['too_old', { phase: 'Failed', reason: 'DeadlineExceeded' }],
    ['crashed', { phase: 'Failed', ...terminated('Error') }],
    ['crashed', { phase: 'Succeeded', ...terminated('Completed') }],
  ])('has failed: %s', (word, status) => {
    const { failure } = pod(status);
    expect(failure?.word).toBe(word);
    expect(failure?.sentence).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    ['no_room', condition('PodScheduled', 'False', 'Unschedulable')],
    ['no_image', { containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }] }],
    ['no_container', { containerStatuses: [{ state: { waiting: { reason: 'CreateContainerError' } } }] }],
    [undefined, { containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] }],
    [undefined, {}],
  ])('waits: %s', (word, status) => {
    expect(pod({ phase: 'Pending', ...status })).toMatchObject({ failure: null });
    expect(pod({ phase: 'Pending', ...status }).waiting?.word).toBe(word);
  });

  it('is nobody’s when its state is a word of somebody else', () => {
    expect(pod({}).state).toBe('claimed');
  });
});
