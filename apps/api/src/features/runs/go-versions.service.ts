import { Injectable } from '@nestjs/common';
import { goVersionSchema, type WorkspaceId } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { log } from '../../platform/logging/index.ts';
import { WorkspaceAccess } from '../workspaces/index.ts';
import { RunnerPool } from './runner-pool.ts';

const MOST_VERSIONS = 4;

/** The releases of Go that every runner has prepared. */
@Injectable()
export class GoVersions {
  constructor(
    private readonly access: WorkspaceAccess,
    private readonly pool: RunnerPool,
  ) {}

  /** None while no runner answers. @throws DomainError not_found, forbidden */
  async list(caller: Caller, id: WorkspaceId): Promise<{ versions: string[] }> {
    await this.access.require(caller, id, 'run');
    try {
      const [first, ...others] = (await this.pool.describe()).map((said) => said.goVersions);
      const shared = (first ?? []).filter(
        (version) =>
          goVersionSchema.safeParse(version).success && others.every((all) => all.includes(version)),
      );
      return { versions: shared.slice(0, MOST_VERSIONS) };
    } catch (err) {
      // Who runs something is told why there is no runner.
      log.warn({ err }, 'agents did not tell their releases');
      return { versions: [] };
    }
  }
}
