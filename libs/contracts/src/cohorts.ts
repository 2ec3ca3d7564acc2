import { z } from 'zod';
import {
  accountIdSchema,
  classSessionIdSchema,
  cohortIdSchema,
  groupIdSchema,
  instantSchema,
  lessonIdSchema,
} from './ids.ts';
import { cohortRoleSchema, personSchema } from './identity.ts';

export const classSessionStateSchema = z.enum(['scheduled', 'live', 'ended']);

export const classSessionSummarySchema = z
  .object({
    id: classSessionIdSchema,
    cohortId: cohortIdSchema,
    title: z.string(),
    state: classSessionStateSchema,
    startsAt: instantSchema,
    lessonIds: z.array(lessonIdSchema),
  })
  .meta({ id: 'ClassSessionSummary' });
export type ClassSessionSummary = z.infer<typeof classSessionSummarySchema>;

export const memberSchema = z.object({ person: personSchema, role: cohortRoleSchema }).meta({ id: 'Member' });
export type Member = z.infer<typeof memberSchema>;

export const groupSchema = z
  .object({ id: groupIdSchema, name: z.string(), memberIds: z.array(accountIdSchema) })
  .meta({ id: 'Group' });
export type Group = z.infer<typeof groupSchema>;

export const cohortSummarySchema = z
  .object({ id: cohortIdSchema, title: z.string(), startsOn: z.iso.date(), memberCount: z.int() })
  .meta({ id: 'CohortSummary' });
export type CohortSummary = z.infer<typeof cohortSummarySchema>;

export const cohortSchema = z
  .object({
    id: cohortIdSchema,
    title: z.string(),
    startsOn: z.iso.date(),
    myRole: cohortRoleSchema.nullable(),
    members: z.array(memberSchema),
    groups: z.array(groupSchema),
    classSessions: z.array(classSessionSummarySchema),
  })
  .meta({ id: 'Cohort' });
export type Cohort = z.infer<typeof cohortSchema>;

const titleSchema = z.string().trim().min(1).max(120);
export const createCohortSchema = z.strictObject({ title: titleSchema, startsOn: z.iso.date() });

/** `expiresInHours` at most 30 days; `maxUses` counts accepted invitations. */
export const createInvitationSchema = z.strictObject({
  role: cohortRoleSchema,
  groupId: groupIdSchema.nullable().default(null),
  expiresInHours: z.int().min(1).max(720).default(168),
  maxUses: z.int().min(1).max(500).default(60),
});
/** The token is in `url` alone and only here; the server keeps its hash. */
export const invitationSchema = z
  .object({ url: z.string(), role: cohortRoleSchema, expiresAt: instantSchema })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof invitationSchema>;
export const invitationPreviewSchema = z
  .object({ cohortTitle: z.string(), role: cohortRoleSchema, groupName: z.string().nullable() })
  .meta({ id: 'InvitationPreview' });
export const invitationTokenSchema = z.strictObject({ token: z.string().min(20).max(128) });
export const joinedSchema = z.object({ cohortId: cohortIdSchema }).meta({ id: 'Joined' });

export const createGroupSchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  memberIds: z.array(accountIdSchema).max(12).default([]),
});
export const setGroupMembersSchema = z.strictObject({ memberIds: z.array(accountIdSchema).max(12) });

export const createClassSessionSchema = z.strictObject({
  title: titleSchema,
  startsAt: instantSchema,
  lessonIds: z.array(lessonIdSchema).min(1).max(10),
});
