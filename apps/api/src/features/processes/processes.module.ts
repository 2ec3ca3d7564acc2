import { Global, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { ApiProcesses } from './api-processes.service.ts';
import { Peers } from './peers.service.ts';
import { SharedEvents } from './shared-events.service.ts';

/** Every feature may ask other processes. */
@Global()
@Module({
  providers: [ApiProcesses, Peers, SharedEvents],
  exports: [ApiProcesses, Peers, SharedEvents],
})
export class ProcessesModule implements OnApplicationBootstrap {
  constructor(
    private readonly peers: Peers,
    private readonly events: SharedEvents,
  ) {}

  /** Every feature said what it answers when modules began. */
  async onApplicationBootstrap(): Promise<void> {
    await this.events.start();
    await this.peers.start();
  }
}
