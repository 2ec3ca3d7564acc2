import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { ArtifactId, ArtifactLinkId, artifactLinkSchema, OpenArtifactLink } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { LessThan, MoreThan, type Repository } from 'typeorm';
import type { z } from 'zod';
import { CallerResolver, OriginPolicy } from '../../platform/auth/index.ts';
import { notFound } from '../../platform/errors/index.ts';
import { newId } from '../../platform/ids/index.ts';
import { AccountDirectory, toPerson } from '../identity/index.ts';
import { ArtifactAccess } from './artifact-access.service.ts';
import { ArtifactLinkEntity } from './artifact-link.entity.ts';
import type { ArtifactEntity } from './artifact.entity.ts';

/** Long enough to look at a profile with other tools on the same day. */
const LINK_LIFE_MS = 24 * 60 * 60 * 1000;

/** Links to one artifact, for tools without a login. */
@Injectable()
export class ArtifactLinks {
  constructor(
    private readonly access: ArtifactAccess,
    private readonly origins: OriginPolicy,
    private readonly callers: CallerResolver,
    private readonly accounts: AccountDirectory,
    @InjectRepository(ArtifactLinkEntity) private readonly links: Repository<ArtifactLinkEntity>,
  ) {}

  async create(caller: Caller, artifactId: ArtifactId): Promise<z.output<typeof artifactLinkSchema>> {
    const { name } = await this.access.get(caller, artifactId);
    const token = randomBytes(32).toString('base64url');
    const id = newId<ArtifactLinkId>();
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + LINK_LIFE_MS);
    const createdBy = caller.accountId;
    await this.links.insert({ tokenHash: hashOf(token), id, artifactId, createdBy, createdAt, expiresAt });
    const url = `${this.origins.publicOrigin}/api/artifact-links/${token}/${encodeURIComponent(name)}`;
    return { id, url, expiresAt: expiresAt.toISOString() };
  }

  /** Those that still open the artifact, the newest first. */
  async list(caller: Caller, artifactId: ArtifactId): Promise<OpenArtifactLink[]> {
    await this.access.get(caller, artifactId);
    const where = { artifactId, expiresAt: MoreThan(new Date()) };
    const links = await this.links.find({ where, order: { createdAt: 'DESC', id: 'DESC' } });
    const makers = await this.accounts.findMany([...new Set(links.map(({ createdBy }) => createdBy))]);
    return links.map(({ id, createdBy, createdAt, expiresAt }) => ({
      id,
      createdBy: toPerson(makers.get(createdBy) ?? { id: createdBy, name: '' }),
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
  }

  /** @throws DomainError not_found for a link that is gone already, too */
  async revoke(caller: Caller, artifactId: ArtifactId, id: ArtifactLinkId): Promise<{ ok: true }> {
    await this.access.get(caller, artifactId);
    const { affected } = await this.links.delete({ artifactId, id });
    if (affected !== 1) throw notFound('link');
    return { ok: true };
  }

  /**
   * The artifact that a token opens: it shows what its maker may see now, and nobody else's.
   * @throws DomainError not_found for a token that is unknown, has expired or was revoked
   */
  async open(token: string): Promise<ArtifactEntity> {
    const link = await this.links.findOneBy({ tokenHash: hashOf(token), expiresAt: MoreThan(new Date()) });
    const maker = link === null ? null : await this.callers.callerOf(link.createdBy);
    const row = link === null || maker === null ? null : await this.access.find(maker, link.artifactId);
    if (row === null) throw notFound('link, or it has expired or was revoked,');
    return row;
  }

  async forgetExpired(): Promise<void> {
    await this.links.delete({ expiresAt: LessThan(new Date()) });
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
