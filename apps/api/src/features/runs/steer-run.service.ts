import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Run, type RunId, runIdSchema } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { z } from 'zod';
import { DomainError } from '../../platform/errors/index.ts';
import { ApiProcesses, type Peer, PeerLost, Peers } from '../processes/index.ts';
import { RunAccess } from './run-access.service.ts';
import { RunDispatcher } from './run-dispatcher.ts';
import type { RunEntity } from './run.entity.ts';

const CANCEL = 'run.cancel';
const TYPE = 'run.type';
const cancelSchema = z.object({ id: runIdSchema });
const typeSchema = z.object({ id: runIdSchema, text: z.string(), close: z.boolean() });
const answerSchema = z.enum(['ended', 'full', 'taken']);

/** Stops a run, or types into it, at the process that has it. */
@Injectable()
export class SteerRun implements OnModuleInit {
  constructor(
    private readonly access: RunAccess,
    private readonly dispatcher: RunDispatcher,
    private readonly processes: ApiProcesses,
    private readonly peers: Peers,
  ) {}

  /** Who asks has asked the policy; what is asked for is a run's own id. */
  onModuleInit(): void {
    this.peers.answer(CANCEL, (payload) => this.dispatcher.cancel(cancelSchema.parse(payload).id));
    this.peers.answer(TYPE, (payload) => {
      const { id, text, close } = typeSchema.parse(payload);
      return Promise.resolve(this.dispatcher.type(id, text, close));
    });
  }

  /** Stopping what has ended changes nothing. @throws DomainError not_found, forbidden */
  async cancel(caller: Caller, id: RunId): Promise<Run> {
    const run = await this.#require(caller, id);
    const peer = await this.#elsewhere(run);
    if (peer === null) await this.dispatcher.cancel(id);
    else await this.#ask(peer, CANCEL, { id });
    return this.access.get(caller, id);
  }

  /** @throws DomainError not_found, forbidden, run_finished, too_many_requests */
  async type(caller: Caller, id: RunId, text: string, close: boolean): Promise<{ ok: true }> {
    const run = await this.#require(caller, id);
    const peer = await this.#elsewhere(run);
    const answer =
      peer === null
        ? this.dispatcher.type(id, text, close)
        : answerSchema.parse(await this.#ask(peer, TYPE, { id, text, close }));
    if (answer === 'ended')
      throw new DomainError('run_finished', 'This run has ended and reads nothing any more.');
    if (answer === 'full')
      throw new DomainError(
        'too_many_requests',
        'The program has not read what was typed before. Wait for it, or stop it.',
      );
    return { ok: true };
  }

  /** The process that has the run, where that is another one that lives. */
  async #elsewhere({ processId }: RunEntity): Promise<Peer | null> {
    if (processId === null || processId === this.processes.self) return null;
    return this.processes.find(processId);
  }

  async #ask(peer: Peer, name: string, payload: unknown): Promise<unknown> {
    try {
      return await this.peers.call(peer, name, payload);
    } catch (cause) {
      if (!(cause instanceof PeerLost)) throw cause;
      throw new DomainError(
        'unavailable',
        'The server that has this run does not answer. Try again in a moment.',
        { cause },
      );
    }
  }

  async #require(caller: Caller, id: RunId): Promise<RunEntity> {
    const run = await this.access.row(caller, id);
    if (!may(caller, 'run', 'Workspace', run))
      throw new DomainError(
        'forbidden',
        'You may look at this run, but only its group and the instructor may steer it.',
      );
    return run;
  }
}
