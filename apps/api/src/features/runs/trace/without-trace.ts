import type { RunEvent } from '@lineage/contracts';

/**
 * Events as they are told to those who look on: of a trace only how far it goes. Who looks at a part of it asks for that
 * part, because all of it is more than a browser shows or should carry.
 */
export function withoutTrace(events: readonly RunEvent[]): RunEvent[] {
  return events.map((event) => {
    const { body } = event;
    if (body.type !== 'trace') return event;
    const nothing = { goroutines: [], spans: [], reasons: [], calls: [], tiles: [], marks: [] };
    return { ...event, body: { ...body, ...nothing } };
  });
}
