import { z } from 'zod';
import {
  accountIdSchema,
  classSessionIdSchema,
  cohortIdSchema,
  groupIdSchema,
  localizedSchema,
} from './ids.ts';

export const cohortRoles = ['instructor', 'mentor', 'assistant', 'learner'] as const;
export const cohortRoleSchema = z.enum(cohortRoles).meta({ id: 'CohortRole' });
export type CohortRole = z.infer<typeof cohortRoleSchema>;

export const programmeRoles = ['owner', 'operator'] as const;
export const programmeRoleSchema = z.enum(programmeRoles).meta({ id: 'ProgrammeRole' });
export type ProgrammeRole = z.infer<typeof programmeRoleSchema>;

/** Index into the client's palette of people, 0..11; stable for an account. */
export const colourIndexSchema = z.int().min(0).max(11);

export const personSchema = z
  .object({ id: accountIdSchema, name: z.string(), initials: z.string(), colour: colourIndexSchema })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof personSchema>;

export const membershipSchema = z
  .object({
    cohortId: cohortIdSchema,
    cohortTitle: z.string(),
    role: cohortRoleSchema,
    groupIds: z.array(groupIdSchema),
  })
  .meta({ id: 'Membership' });
export type Membership = z.infer<typeof membershipSchema>;

export const meSchema = z
  .object({
    account: personSchema.extend({ email: z.string() }),
    programmeRoles: z.array(programmeRoleSchema),
    memberships: z.array(membershipSchema),
    /** Class sessions that are live now in one of the person's cohorts. */
    liveClassSessionIds: z.array(classSessionIdSchema),
    demo: z.boolean(),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof meSchema>;

export const personaSchema = z
  .object({
    persona: z.string().regex(/^[a-z0-9-]{1,32}$/),
    name: z.string(),
    role: z.union([cohortRoleSchema, programmeRoleSchema]),
    label: localizedSchema,
    groupName: z.string().nullable(),
  })
  .meta({ id: 'Persona' });
export type Persona = z.infer<typeof personaSchema>;

/** What a signed-out visitor may know of this instance. */
export const instanceSchema = z
  .object({ demo: z.boolean(), needsOwner: z.boolean(), version: z.string() })
  .meta({ id: 'Instance' });
export type Instance = z.infer<typeof instanceSchema>;

export const demoSignInSchema = z.strictObject({ persona: z.string().min(1).max(32) });

export const passwordSchema = z.string().min(10).max(128);
export const emailSchema = z.email().max(254);
export const personNameSchema = z.string().trim().min(1).max(80);

export const firstOwnerSchema = z.strictObject({
  token: z.string().min(20).max(128),
  name: personNameSchema,
  email: emailSchema,
  password: passwordSchema,
});
