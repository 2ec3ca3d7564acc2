import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { log } from '../../platform/logging/index.ts';
import { ArtifactLinks } from './artifact-links.service.ts';
import { ArtifactStore } from './artifact-store.ts';

const CLEAN_EVERY_MS = 6 * 60 * 60 * 1000;

/** Removes what nobody can reach any more: bytes without an artifact, links that have expired. */
@Injectable()
export class ArtifactCleaning implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | null = null;
  #cleaning: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: ArtifactStore,
    private readonly links: ArtifactLinks,
  ) {}

  onApplicationBootstrap(): void {
    const begin = (): void => {
      this.#cleaning = this.clean();
    };
    begin();
    this.#timer = setInterval(begin, CLEAN_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#cleaning;
  }

  async clean(): Promise<void> {
    try {
      await this.links.forgetExpired();
      const chunks = await this.store.removeUnused();
      if (chunks > 0) log.info({ chunks }, 'unused artifact bytes removed');
    } catch (err) {
      // What is left is left until the next time.
      log.warn({ err }, 'artifacts not cleaned');
    }
  }
}
