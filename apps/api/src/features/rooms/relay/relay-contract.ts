import { accountIdSchema, roomCommandSchema, workspaceIdSchema } from '@lineage/contracts';
import { z } from 'zod';

/** What processes ask each other about rooms. The holder believes of it who asks, and nothing of what they may. */
export const relayNames = {
  socket: 'room.socket',
  snapshot: 'room.snapshot',
  command: 'room.command',
  reset: 'room.reset',
  overview: 'rooms.overview',
} as const;

/** A socket of the relay: who proved to be whom there, and where to. */
export const relayedSocketSchema = z.object({
  workspaceId: workspaceIdSchema,
  accountId: accountIdSchema,
  loginId: z.string().nullable(),
  isStock: z.boolean(),
});
export type RelayedSocketRequest = z.infer<typeof relayedSocketSchema>;

export const askSnapshotSchema = z.object({
  workspaceId: workspaceIdSchema,
  after: z.object({ connectionId: z.string(), lastFrame: z.int().min(0) }).nullable(),
});

export const askCommandSchema = z.object({
  workspaceId: workspaceIdSchema,
  accountId: accountIdSchema,
  command: roomCommandSchema,
  idempotencyKey: z.string(),
});

export const askResetSchema = z.object({
  workspaceId: workspaceIdSchema,
  accountId: accountIdSchema,
  idempotencyKey: z.string(),
});

export const snapshotSchema = z.object({
  files: z.array(z.object({ path: z.string(), content: z.string() })),
  hash: z.string(),
});
