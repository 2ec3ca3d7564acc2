import type { ErrorCode } from '@lineage/contracts';
import { Counter, Gauge } from 'prom-client';

export const openSockets = new Gauge({
  name: 'lineage_class_sockets',
  help: 'socket.io connections with a proved login.',
});
export const openWatches = new Gauge({
  name: 'lineage_class_watches',
  help: 'Subscriptions that stand.',
  labelNames: ['stream'],
});
export const eventsSent = new Counter({
  name: 'lineage_class_events_sent_total',
  help: 'Events sent to subscribers: once for each of them, replayed ones too.',
  labelNames: ['stream'],
});
export const replays = new Counter({
  name: 'lineage_class_replayed_pages_total',
  help: 'Pages read from the log for a subscriber who missed something.',
  labelNames: ['stream'],
});
export const cardsSent = new Counter({
  name: 'lineage_class_cards_sent_total',
  help: 'Group cards sent to watchers of a class.',
});
export const refusals = new Counter<'code'>({
  name: 'lineage_class_refusals_total',
  help: 'Handshakes and watches that were refused.',
  labelNames: ['code'],
});
export const closes = new Counter<'reason'>({
  name: 'lineage_class_closes_total',
  help: 'Connections that ended.',
  labelNames: ['reason'],
});

export const countRefusal = (code: ErrorCode): void => refusals.inc({ code });

/** What socket.io gives as reasons; a label's values have to be few and known. */
const reasons = new Map([
  ['client namespace disconnect', 'client'],
  ['transport close', 'client'],
  ['server namespace disconnect', 'server'],
  ['server shutting down', 'server'],
  ['ping timeout', 'silent'],
  ['transport error', 'failed'],
  ['parse error', 'failed'],
]);

export const countClose = (reason: string): void => closes.inc({ reason: reasons.get(reason) ?? 'other' });
