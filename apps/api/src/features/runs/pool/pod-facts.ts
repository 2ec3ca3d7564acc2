import { z } from 'zod';
import { annotations, guestPrefix, labels } from './runner-pod.ts';
import { failureOf, type PodFailure, waitingOf } from './pod-failure.ts';

const states = ['new', 'warm', 'claimed'] as const;

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});
const terminatedSchema = z.object({ reason: z.string().default(''), exitCode: z.number().default(0) });
const waitingSchema = z.object({ reason: z.string().default(''), message: z.string().default('') });

/** As much of a Pod (core/v1) as a pool looks at. */
export const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    creationTimestamp: z.coerce.date(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({ nodeName: z.string().default('') }).default({ nodeName: '' }),
  status: z
    .object({
      phase: z.string().default('Pending'),
      reason: z.string().default(''),
      message: z.string().default(''),
      podIP: z.string().default(''),
      conditions: z.array(conditionSchema).default([]),
      containerStatuses: z
        .array(
          z.object({
            state: z
              .object({ waiting: waitingSchema.optional(), terminated: terminatedSchema.optional() })
              .default({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
});
export type PodStatus = z.output<typeof podSchema>['status'];

/** What a pool knows of one of its pods. */
export type PodFacts = {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAt: Date;
  readonly state: (typeof states)[number];
  readonly template: string;
  readonly node: string;
  readonly ip: string;
  readonly ready: boolean;
  /** It was told to end and is not gone yet. */
  readonly ending: boolean;
  readonly failure: PodFailure | null;
  /** Why it does not start, while it may still. */
  readonly waiting: PodFailure | null;
  readonly certificate: Buffer | null;
  /** Of the process and the group that claimed it, and when; empty before. */
  readonly lease: string;
  readonly holder: string;
  readonly group: string;
  readonly claimedAt: string;
  /** Other processes that use it. */
  readonly guests: readonly string[];
};

/** @throws ZodError when it is no pod */
export function podFacts(raw: unknown): PodFacts {
  const { metadata, spec, status } = podSchema.parse(raw);
  const { name, uid, resourceVersion, creationTimestamp, deletionTimestamp } = metadata;
  const certificate = metadata.annotations[annotations.certificate];
  return {
    name,
    uid,
    resourceVersion,
    createdAt: creationTimestamp,
    // Whoever has another word there is not ours to use; the pool lets it be until it ends.
    state: states.find((state) => state === metadata.labels[labels.state]) ?? 'claimed',
    template: metadata.labels[labels.template] ?? '',
    node: spec.nodeName,
    ip: status.podIP,
    ready: status.conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
    ending: deletionTimestamp !== undefined,
    failure: failureOf(status),
    waiting: waitingOf(status),
    certificate: certificate === undefined ? null : Buffer.from(certificate, 'base64'),
    lease: metadata.annotations[annotations.lease] ?? '',
    holder: metadata.annotations[annotations.holder] ?? '',
    group: metadata.annotations[annotations.group] ?? '',
    claimedAt: metadata.annotations[annotations.claimedAt] ?? '',
    guests: Object.entries(metadata.annotations).flatMap(([key, process]) =>
      key.startsWith(guestPrefix) ? [process] : [],
    ),
  };
}
