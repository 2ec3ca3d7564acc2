import { Global, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { log } from '../../platform/logging/index.ts';
import { ApiProcesses } from './api-processes.service.ts';
import { EventStream } from './event-stream.service.ts';
import { Peers } from './peers.service.ts';
import { SharedHappenings } from './shared-happenings.ts';
import { SharedEvents } from './shared-events.service.ts';

/** Every feature may ask other processes. */
@Global()
@Module({
  providers: [ApiProcesses, Peers, SharedEvents, EventStream, SharedHappenings],
  exports: [ApiProcesses, Peers, SharedEvents, EventStream],
})
export class ProcessesModule implements OnApplicationBootstrap {
  constructor(
    private readonly peers: Peers,
    private readonly events: SharedEvents,
    private readonly stream: EventStream,
    private readonly happenings: SharedHappenings,
    private readonly processes: ApiProcesses,
  ) {}

  /** Every feature said what it answers when modules began. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.processes.self !== null && !this.stream.isShared)
      log.warn('REDIS_URL is not set: people see of classes and runs only what happens on their own process');
    this.happenings.start();
    await this.stream.start();
    await this.events.start();
    await this.peers.start();
  }
}
