import { Injectable } from '@nestjs/common';
import type { AccountId, Formatted, WorkspaceId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { DomainError } from '../../platform/errors/index.ts';
import { log } from '../../platform/logging/index.ts';
import { WorkspaceAccess } from '../workspaces/index.ts';
import { InspectSource, type SourceFile } from './inspect-source.service.ts';
import { RunnerPool } from './runner-pool.ts';

/** Of everybody at once; more would take the builds of runs their place. */
const MOST_AT_ONCE = 4;
/** gofmt takes milliseconds; whoever pressed the key has long gone on typing by then. */
const DEADLINE_MS = 10_000;

/** Gives the gofmt of one file as it stands on somebody's screen. Nobody's text is changed here. */
@Injectable()
export class FormatSource {
  /** Whoever waits for a file; one each, for a second press finds the first one's result. */
  readonly #under = new Set<AccountId>();

  constructor(
    private readonly access: WorkspaceAccess,
    private readonly pool: RunnerPool,
    private readonly inspector: InspectSource,
  ) {}

  /** @throws DomainError not_found, forbidden, runner_unavailable, too_many_requests, unavailable */
  async format(caller: Caller, id: WorkspaceId, file: SourceFile): Promise<Formatted> {
    const workspace = await this.access.require(caller, id, 'run');
    const state = this.pool.state();
    if (!state.ready) throw new DomainError('runner_unavailable', state.reason);
    const release = this.#reserve(caller.accountId);
    try {
      const stop = AbortSignal.timeout(DEADLINE_MS);
      const { diagnostics, formatted } = await this.inspector.inspect(
        workspace.groupId,
        'format',
        [file],
        stop,
      );
      return { content: formatted[0]?.content ?? null, diagnostics: [...diagnostics] };
    } catch (err) {
      log.warn({ err, workspaceId: id }, 'source could not be formatted');
      throw new DomainError('unavailable', 'The file could not be formatted now. Try again.', { cause: err });
    } finally {
      release();
    }
  }

  #reserve(accountId: AccountId): () => void {
    if (this.#under.has(accountId) || this.#under.size >= MOST_AT_ONCE)
      throw new DomainError('too_many_requests', 'Formatting is under way. Try again when it is done.');
    this.#under.add(accountId);
    return () => void this.#under.delete(accountId);
  }
}
