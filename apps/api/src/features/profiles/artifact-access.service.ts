import { Injectable } from '@nestjs/common';
import type { ArtifactId } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { notFound } from '../../platform/errors/index.ts';
import { ArtifactStore } from './artifact-store.ts';
import type { ArtifactEntity } from './artifact.entity.ts';

/** The way to an artifact: by the policy of its run's workspace. */
@Injectable()
export class ArtifactAccess {
  constructor(private readonly store: ArtifactStore) {}

  /** Null when there is none, or the caller may not see it. */
  async find(caller: Caller, id: ArtifactId): Promise<ArtifactEntity | null> {
    const row = await this.store.find(id);
    return row !== null && may(caller, 'read', 'Workspace', row) ? row : null;
  }

  /** @throws DomainError not_found */
  async get(caller: Caller, id: ArtifactId): Promise<ArtifactEntity> {
    const row = await this.find(caller, id);
    if (row === null) throw notFound('artifact');
    return row;
  }
}
