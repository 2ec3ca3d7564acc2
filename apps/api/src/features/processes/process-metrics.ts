import { Counter, Gauge } from 'prom-client';

export const linkBytes = new Counter({
  name: 'lineage_process_link_bytes_total',
  help: 'Bytes sent to other API processes.',
});
export const openLinks = new Gauge({
  name: 'lineage_process_links',
  help: 'Links with other API processes.',
  labelNames: ['end'],
});
export const channels = new Gauge({
  name: 'lineage_process_channels',
  help: 'Sockets that are relayed: of ours to others (relay), of others to us (holder).',
  labelNames: ['end'],
});
export const lateRenewals = new Counter({
  name: 'lineage_process_late_renewals_total',
  help: 'Heartbeats that came so late that others may have taken our rooms.',
});
export const streamMessages = new Counter({
  name: 'lineage_process_stream_messages_total',
  help: 'What happened in classes and runs: told to other processes, heard from them.',
  labelNames: ['way'],
});
export const streamGaps = new Counter({
  name: 'lineage_process_stream_gaps_total',
  help: 'Times that something may have been missed, and logs were read again.',
});
