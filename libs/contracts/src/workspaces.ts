import { z } from 'zod';
import {
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
