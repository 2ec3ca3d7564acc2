import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { ArtifactId } from '@lineage/contracts';
import { type Caller, may } from '@lineage/domain';
import { LessThan, MoreThan, type Repository } from 'typeorm';
import { OriginPolicy } from '../../platform/auth/index.ts';
import { notFound } from '../../platform/errors/index.ts';
import { ArtifactLinkEntity } from './artifact-link.entity.ts';
import { ArtifactStore } from './artifact-store.ts';
import type { ArtifactEntity } from './artifact.entity.ts';

/** Long enough to look at a profile with other tools on the same day. */
const LINK_LIFE_MS = 24 * 60 * 60 * 1000;

/** The way to an artifact: by the policy of its run's workspace, or by a link to this very artifact. */
@Injectable()
export class ArtifactAccess {
  constructor(
    private readonly store: ArtifactStore,
    private readonly origins: OriginPolicy,
    @InjectRepository(ArtifactLinkEntity) private readonly links: Repository<ArtifactLinkEntity>,
  ) {}

  /** @throws DomainError not_found */
  async get(caller: Caller, id: ArtifactId): Promise<ArtifactEntity> {
    const row = await this.store.find(id);
    if (row === null || !may(caller, 'read', 'Workspace', row)) throw notFound('artifact');
    return row;
  }

  async link(caller: Caller, id: ArtifactId): Promise<{ url: string; expiresAt: string }> {
    const { name } = await this.get(caller, id);
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + LINK_LIFE_MS);
    await this.links.delete({ expiresAt: LessThan(new Date()) });
    await this.links.insert({ tokenHash: hashOf(token), artifactId: id, expiresAt });
    const url = `${this.origins.publicOrigin}/api/artifact-links/${token}/${encodeURIComponent(name)}`;
    return { url, expiresAt: expiresAt.toISOString() };
  }

  /** @throws DomainError not_found for a token that is unknown or has expired */
  async linked(token: string): Promise<ArtifactEntity> {
    const link = await this.links.findOneBy({ tokenHash: hashOf(token), expiresAt: MoreThan(new Date()) });
    const row = link === null ? null : await this.store.find(link.artifactId);
    if (row === null) throw notFound('link, or it has expired,');
    return row;
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
