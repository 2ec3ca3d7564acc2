import { Injectable } from '@nestjs/common';
import type { Run, RunId } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { DomainError } from '../../platform/errors/index.ts';
import { RunAccess } from './run-access.service.ts';
import { RunDispatcher } from './run-dispatcher.ts';

/** Stops a run, or types into it. */
@Injectable()
export class SteerRun {
  constructor(
    private readonly access: RunAccess,
    private readonly dispatcher: RunDispatcher,
  ) {}

  /** Stopping what has ended changes nothing. @throws DomainError not_found, forbidden */
  async cancel(caller: Caller, id: RunId): Promise<Run> {
    await this.#require(caller, id);
    await this.dispatcher.cancel(id);
    return this.access.get(caller, id);
  }

  /** @throws DomainError not_found, forbidden, run_finished, too_many_requests */
  async type(caller: Caller, id: RunId, text: string, close: boolean): Promise<{ ok: true }> {
    await this.#require(caller, id);
    const answer = this.dispatcher.type(id, text, close);
    if (answer === 'ended')
      throw new DomainError('run_finished', 'This run has ended and reads nothing any more.');
    if (answer === 'full')
      throw new DomainError(
        'too_many_requests',
        'The program has not read what was typed before. Wait for it, or stop it.',
      );
    return { ok: true };
  }

  async #require(caller: Caller, id: RunId): Promise<void> {
    const run = await this.access.row(caller, id);
    if (!may(caller, 'run', 'Workspace', run))
      throw new DomainError(
        'forbidden',
        'You may look at this run, but only its group and the instructor may steer it.',
      );
  }
}
