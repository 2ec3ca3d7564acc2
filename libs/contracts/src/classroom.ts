import { z } from 'zod';
import {
  accountIdSchema,
  classSessionIdSchema,
  groupIdSchema,
  instantSchema,
  lessonIdSchema,
  runIdSchema,
  workspaceIdSchema,
} from './ids.ts';
import { classSessionStateSchema, classSessionSummarySchema } from './cohorts.ts';
import { cohortRoleSchema, personSchema } from './identity.ts';
import { hotFunctionSchema, runKindSchema, runStateSchema } from './runs.ts';

/** What the instructor may do to a class session. Sent as POST with an `Idempotency-Key` header. */
export const classCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start') }),
  z.strictObject({
    type: z.literal('move_to_step'),
    lessonId: lessonIdSchema,
    stepId: z.string().min(1).max(64),
  }),
  z.strictObject({ type: z.literal('end') }),
]);
export type ClassCommand = z.infer<typeof classCommandSchema>;

/** The append-only log of a class session; its fold is the state. */
export const classEventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('class.started') }),
  z.object({ type: z.literal('class.step_moved'), lessonId: lessonIdSchema, stepId: z.string() }),
  z.object({ type: z.literal('class.ended') }),
]);
export type ClassEventBody = z.infer<typeof classEventBodySchema>;

export const classEventSchema = z
  .object({
    classSessionId: classSessionIdSchema,
    seq: z.int().min(1),
    at: instantSchema,
    by: accountIdSchema,
    body: classEventBodySchema,
  })
  .meta({ id: 'ClassEvent' });
export type ClassEvent = z.infer<typeof classEventSchema>;

/** The fold of the log. `seq` is that of the last event folded; 0 before the first. */
export const classStateSchema = z
  .object({
    state: classSessionStateSchema,
    seq: z.int().min(0),
    lessonId: lessonIdSchema.nullable(),
    stepId: z.string().nullable(),
    startedAt: instantSchema.nullable(),
  })
  .meta({ id: 'ClassState' });
export type ClassState = z.infer<typeof classStateSchema>;

/** A group on the instructor's page: a summary made by the server, never the group's document. */
export const groupCardSchema = z
  .object({
    groupId: groupIdSchema,
    name: z.string(),
    members: z.array(personSchema.extend({ present: z.boolean() })),
    workspaceId: workspaceIdSchema.nullable(),
    lastEditAt: instantSchema.nullable(),
    lastRun: z
      .object({
        id: runIdSchema,
        kind: runKindSchema,
        state: runStateSchema,
        at: instantSchema,
        tests: z.object({ passed: z.int(), failed: z.int(), skipped: z.int() }).nullable(),
        hot: hotFunctionSchema.nullable(),
        profileArtifactId: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'GroupCard' });
export type GroupCard = z.infer<typeof groupCardSchema>;

export const presentPersonSchema = personSchema.extend({
  role: z.union([cohortRoleSchema, z.literal('guest')]),
});
export type PresentPerson = z.infer<typeof presentPersonSchema>;

export const classSessionSchema = z
  .object({
    summary: classSessionSummarySchema,
    state: classStateSchema,
    myRole: cohortRoleSchema.nullable(),
    canLead: z.boolean(),
    myGroupIds: z.array(groupIdSchema),
    people: z.array(presentPersonSchema),
    /** All groups for those who lead; one's own group for a learner. */
    cards: z.array(groupCardSchema),
  })
  .meta({ id: 'ClassSession' });
export type ClassSession = z.infer<typeof classSessionSchema>;

/**
 * What may be run for all groups at once: what tells how each stands. No benchmarks, whose groups would measure one
 * another, and nothing that gives each group something to read.
 */
export const runForAllKindSchema = runKindSchema.extract(['check', 'test', 'run', 'vet']);
export type RunForAllKind = z.infer<typeof runForAllKindSchema>;

/**
 * Runs every group's workspace of the lesson that the class is at, as one batch behind what people wait for. Sent as POST
 * with an `Idempotency-Key` header.
 */
export const runForAllSchema = z.strictObject({ kind: runForAllKindSchema });

/** How many runs were started, and the groups for which none was, with a sentence each. */
export const ranForAllSchema = z
  .object({
    started: z.int(),
    skipped: z.array(z.object({ groupId: groupIdSchema, name: z.string(), reason: z.string() })),
  })
  .meta({ id: 'RanForAll' });
export type RanForAll = z.infer<typeof ranForAllSchema>;

/** Who writes in the groups of a class: one of each at a time, or everybody. */
export const commandGroupsSchema = z
  .strictObject({ type: z.enum(['drive', 'free']) })
  .meta({ id: 'CommandGroups' });

/** In how many groups it is so now, and the groups in which it is not, with a sentence each. */
export const commandedGroupsSchema = z
  .object({ reached: z.int(), skipped: ranForAllSchema.shape.skipped })
  .meta({ id: 'CommandedGroups' });
export type CommandedGroups = z.infer<typeof commandedGroupsSchema>;

/** The batch that was started for all groups of a class: how many of its runs have not ended. */
export const classBatchSchema = z.object({ open: z.int() }).meta({ id: 'ClassBatch' });
export type ClassBatch = z.infer<typeof classBatchSchema>;
