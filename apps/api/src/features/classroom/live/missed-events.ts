import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WorkspaceId } from '@lineage/contracts';
import { log } from '../../../platform/logging/index.ts';
import { EventStream } from '../../processes/index.ts';
import { RunStore } from '../../runs/index.ts';
import { CardUpdates } from './card-updates.ts';
import { LiveSockets } from './live-sockets.ts';

/** What other processes told may not have arrived: whoever watches is given what the logs have. */
@Injectable()
export class MissedEvents implements OnModuleInit {
  constructor(
    private readonly stream: EventStream,
    private readonly sockets: LiveSockets,
    private readonly runs: RunStore,
    private readonly cards: CardUpdates,
  ) {}

  onModuleInit(): void {
    this.stream.onGap(() => {
      this.#look().catch((err: unknown) => log.error({ err }, 'missed events not looked for'));
    });
  }

  async #look(): Promise<void> {
    const workspaces = new Set<WorkspaceId>();
    for (const { watches } of this.sockets.all()) {
      for (const { target, feed } of watches.values()) {
        feed?.look();
        if (target.stream === 'workspace') workspaces.add(target.id);
      }
    }
    for (const { cohortId } of this.sockets.watchedClasses()) this.cards.touchAll(cohortId);
    for (const workspaceId of workspaces) {
      const runs = await this.runs.view(await this.runs.newest(workspaceId));
      for (const { io } of this.sockets.watching('workspace', workspaceId))
        for (const run of runs.toReversed()) io.emit('workspace.run', { workspaceId, run });
    }
  }
}
