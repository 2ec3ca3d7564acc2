import { z } from 'zod';
import { accountIdSchema, instantSchema, localizedSchema, runIdSchema, workspaceIdSchema } from './ids.ts';
import { personSchema } from './identity.ts';
import { runKindSchema, runStateSchema } from './runs.ts';

/** Number of an edit in its epoch; 0 is the template. */
const seqSchema = z.int().min(0);
const base64Schema = z.string();

/** Edits `from`..`to` of an epoch that follow each other without a longer pause, with how many each person made. */
export const historyStretchSchema = z.object({
  epoch: z.int(),
  from: seqSchema,
  to: seqSchema,
  at: instantSchema,
  until: instantSchema,
  by: z.array(z.object({ accountId: accountIdSchema, edits: z.int() })),
});
export type HistoryStretch = z.infer<typeof historyStretchSchema>;

/** Something that happened while the text was written. */
export const historyMarkSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    at: instantSchema,
    runId: runIdSchema,
    kind: runKindSchema,
    state: runStateSchema,
    by: accountIdSchema,
  }),
  /** The class came to a step of this lesson. */
  z.object({ type: z.literal('step'), at: instantSchema, title: localizedSchema }),
]);
export type HistoryMark = z.infer<typeof historyMarkSchema>;

/** The life of a workspace, without its text. A moment in it is an epoch and a sequence number. */
export const historySchema = z
  .object({
    /** In order; `edits` is the last sequence number. `by` is who reset the workspace, null for the first epoch. */
    epochs: z.array(
      z.object({ epoch: z.int(), edits: seqSchema, at: instantSchema, by: accountIdSchema.nullable() }),
    ),
    stretches: z.array(historyStretchSchema),
    /** The newest of them, in order of time. */
    marks: z.array(historyMarkSchema),
    people: z.array(personSchema),
    branches: z.array(
      z.object({
        id: workspaceIdSchema,
        epoch: z.int(),
        seq: seqSchema,
        at: instantSchema,
        by: accountIdSchema,
      }),
    ),
    canBranch: z.boolean(),
  })
  .meta({ id: 'History' });
export type History = z.infer<typeof historySchema>;

/**
 * The document at `from` as an encoded Yjs update, and at least one edit after it when there is one, each a Yjs update
 * too. Whoever wants more asks again from the last one on.
 */
export const historyEditsSchema = z
  .object({
    from: seqSchema,
    /** The last edit that there is. */
    head: seqSchema,
    state: base64Schema,
    edits: z.array(
      z.object({ seq: seqSchema, at: instantSchema, by: accountIdSchema, update: base64Schema }),
    ),
  })
  .meta({ id: 'HistoryEdits' });
export type HistoryEdits = z.infer<typeof historyEditsSchema>;

/** Whose the lines of one file are, from the first to the last: `lines` of them in a row. */
export const blameSchema = z
  .object({
    epoch: z.int(),
    seq: seqSchema,
    runs: z.array(
      z.object({
        lines: z.int().min(1),
        /** Who wrote most of the line, and when last; null for what the template brought. */
        by: accountIdSchema.nullable(),
        at: instantSchema.nullable(),
        /** Others who wrote in the same line. */
        others: z.int(),
      }),
    ),
    people: z.array(personSchema),
  })
  .meta({ id: 'Blame' });
export type Blame = z.infer<typeof blameSchema>;

/** Who put how much into a workspace, in UTF-16 units of text, over its whole life. */
export const attributionSchema = z
  .object({
    people: z.array(
      z.object({
        person: personSchema,
        edits: z.int(),
        inserted: z.int(),
        deleted: z.int(),
        /** Of what they inserted, what stands in the files now. */
        live: z.int(),
      }),
    ),
    /** What stands in the files now and came with the template. */
    template: z.int(),
  })
  .meta({ id: 'Attribution' });
export type Attribution = z.infer<typeof attributionSchema>;

/** Sent as POST with an `Idempotency-Key`: a workspace of its own that begins with the text of this moment. */
export const branchSchema = z.strictObject({ epoch: z.int().min(1), seq: seqSchema });
