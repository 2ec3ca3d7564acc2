import { z } from 'zod';
import {
  accountIdSchema,
  cohortIdSchema,
  exerciseIdSchema,
  groupIdSchema,
  instantSchema,
  lessonIdSchema,
  localizedSchema,
  workspaceIdSchema,
} from './ids.ts';
import { personSchema } from './identity.ts';

/** What a person may do in a room. In free mode every member of the group is a driver. */
export const roomRoleSchema = z.enum(['driver', 'navigator', 'observer', 'lead']).meta({ id: 'RoomRole' });
export type RoomRole = z.infer<typeof roomRoleSchema>;

/**
 * Who may write in a room. Free mode: every member of the group. Driver mode: `driver` alone, the others navigate. Leads
 * always write, observers never. The same comes over the room's own socket (frame 105) at each change.
 */
export const roomControlSchema = z
  .object({
    /** Rises by one with each change. */
    seq: z.int(),
    mode: z.enum(['free', 'driver']),
    /** Null in free mode, and while nobody has control: who asks then has it. */
    driver: accountIdSchema.nullable(),
    /** Who handed control to the driver, and may take it back. */
    handedBy: accountIdSchema.nullable(),
    /** Who would like to drive, the first one first. */
    asking: z.array(accountIdSchema),
    /** A lead chose driver mode: only a lead ends it. */
    heldByLead: z.boolean(),
    /** Control goes round, each turn this many minutes; null: it stays until it is handed over. */
    turnMinutes: z.int().nullable(),
    /** When the driver's turn ends. */
    turnEndsAt: instantSchema.nullable(),
    /** What the caller may do now. */
    myRole: roomRoleSchema,
  })
  .meta({ id: 'RoomControl' });
export type RoomControlView = z.infer<typeof roomControlSchema>;

/**
 * Sent as POST with an `Idempotency-Key` header. Whoever asks, hands over or is named has to be in the room; a lead
 * commands from anywhere. A command that finds what it wants already so is answered and changes nothing.
 */
export const roomCommandSchema = z
  .discriminatedUnion('type', [
    /** Driver mode begins with the caller; a lead names a driver, or nobody (null). */
    z.strictObject({ type: z.literal('drive'), driver: accountIdSchema.nullable().optional() }),
    /** Back to all write: the driver, or a lead; a lead alone when a lead chose driver mode. */
    z.strictObject({ type: z.literal('free') }),
    z.strictObject({ type: z.literal('ask') }),
    z.strictObject({ type: z.literal('withdraw') }),
    /** By the driver or a lead. */
    z.strictObject({ type: z.literal('hand_over'), to: accountIdSchema }),
    /** By the driver or a lead: the person asks no longer. */
    z.strictObject({ type: z.literal('decline'), who: accountIdSchema }),
    /** By who handed over: control is theirs again. By a lead: nobody drives until somebody asks. */
    z.strictObject({ type: z.literal('take_back') }),
    /** By the driver or a lead: control goes round, in turns of 1 to 60 minutes; null ends that. */
    z.strictObject({ type: z.literal('turns'), minutes: z.int().min(1).max(60).nullable() }),
  ])
  .meta({ id: 'RoomCommand' });
export type RoomCommand = z.infer<typeof roomCommandSchema>;

export const workspaceSchema = z
  .object({
    id: workspaceIdSchema,
    cohortId: cohortIdSchema,
    groupId: groupIdSchema,
    groupName: z.string(),
    exerciseId: exerciseIdSchema,
    lessonId: lessonIdSchema,
    title: localizedSchema,
    /** Rises by one with each reset; a client of an older epoch must not merge its text. */
    epoch: z.int(),
    members: z.array(personSchema),
    /** The workspace that this one was branched from; null for the group's own. */
    branchOf: workspaceIdSchema.nullable(),
    /** In free mode; what one may do at this moment is in the room's control. */
    myRoomRole: roomRoleSchema,
    canRun: z.boolean(),
    canReset: z.boolean(),
  })
  .meta({ id: 'Workspace' });
export type Workspace = z.infer<typeof workspaceSchema>;

export const openWorkspaceSchema = z.strictObject({ groupId: groupIdSchema, exerciseId: exerciseIdSchema });

/** For a script's socket: one account, one workspace, 60 s. Goes in the WebSocket subprotocol list, never in a URL. */
export const ticketSchema = z
  .object({ ticket: z.string(), subprotocol: z.string(), expiresAt: instantSchema })
  .meta({ id: 'Ticket' });
