import { classEventsSchema, type ClassEvent, type ClassSessionId } from '@lineage/contracts';
import { z } from 'zod';

const envelopeSchema = classEventsSchema.extend({ events: z.array(z.unknown()) });

/**
 * What a message says of a class session; null when it is none. `events` is null where a newer server tells what this page
 * does not know: a class has one state, which is then to be read again as far as the page understands it.
 */
export function readClassEvents(
  message: unknown,
): { classSessionId: ClassSessionId; events: ClassEvent[] | null } | null {
  const envelope = envelopeSchema.safeParse(message);
  if (!envelope.success) return null;
  const { classSessionId } = envelope.data;
  return { classSessionId, events: classEventsSchema.safeParse(message).data?.events ?? null };
}
