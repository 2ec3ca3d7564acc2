import { ApiProcessEntity } from './api-process.entity.ts';
import { Processes1764000007001 } from './migrations/1-processes.migration.ts';

export { ApiProcesses, type Peer } from './api-processes.service.ts';
export { type Channel, PeerLost } from './dialled-link.ts';
export { EventStream } from './event-stream.service.ts';
export type { ChannelWord, FrameKind } from './peer-messages.ts';
export { Moved } from './peer-refusal.ts';
export { Peers } from './peers.service.ts';
export {
  LINK_SLOW_CLOSE_BYTES,
  LINK_SLOW_NO_PRESENCE_BYTES,
  LINK_SLOW_RESYNC_BYTES,
} from './process-limits.ts';
export { ProcessesModule } from './processes.module.ts';
export type { ServedChannel } from './served-link.ts';
export { SharedEvents } from './shared-events.service.ts';

export const processesEntities = [ApiProcessEntity];
export const processesMigrations = [Processes1764000007001];
