import { runEventSchema, runEventsSchema, type RunEvent, type RunId } from '@lineage/contracts';
import { z } from 'zod';

/** An event with its place in the order; null where a newer server tells what this page does not know. */
export type HeardEvent = { readonly seq: number; readonly event: RunEvent | null };

const envelopeSchema = runEventsSchema.extend({ events: z.array(z.looseObject({ seq: z.int().min(1) })) });

/**
 * What a message says of a run; null when it is none. An event of an unknown kind keeps its place, so that a page which
 * was open while the server was updated follows the run to its end and passes over what it cannot show.
 */
export function readRunEvents(message: unknown): { runId: RunId; events: HeardEvent[] } | null {
  const envelope = envelopeSchema.safeParse(message);
  if (!envelope.success) return null;
  const { runId, events } = envelope.data;
  const read = (raw: { seq: number }): HeardEvent => ({
    seq: raw.seq,
    event: runEventSchema.safeParse(raw).data ?? null,
  });
  return { runId, events: events.map(read) };
}
