import { Controller, Get, Param, Res } from '@nestjs/common';
import {
  type ArtifactId,
  artifactIdSchema,
  type ArtifactLinkId,
  artifactLinkIdSchema,
  type OpenArtifactLink,
  type RouteResponse,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CurrentCaller, Public } from '../../platform/auth/index.ts';
import { Endpoint } from '../../platform/http/index.ts';
import { ArtifactAccess } from './artifact-access.service.ts';
import { ArtifactLinks } from './artifact-links.service.ts';
import { ArtifactStore } from './artifact-store.ts';
import type { ArtifactEntity } from './artifact.entity.ts';

const tokenSchema = z.string().min(20).max(128);

@Controller()
export class ProfilesController {
  constructor(
    private readonly access: ArtifactAccess,
    private readonly links: ArtifactLinks,
    private readonly store: ArtifactStore,
  ) {}

  @Endpoint('createArtifactLink')
  link(
    @CurrentCaller() caller: Caller,
    @Param('artifactId', { schema: artifactIdSchema }) id: ArtifactId,
  ): Promise<RouteResponse<'createArtifactLink'>> {
    return this.links.create(caller, id);
  }

  @Endpoint('listArtifactLinks')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('artifactId', { schema: artifactIdSchema }) id: ArtifactId,
  ): Promise<{ links: OpenArtifactLink[] }> {
    return { links: await this.links.list(caller, id) };
  }

  @Endpoint('revokeArtifactLink')
  revoke(
    @CurrentCaller() caller: Caller,
    @Param('artifactId', { schema: artifactIdSchema }) id: ArtifactId,
    @Param('linkId', { schema: artifactLinkIdSchema }) linkId: ArtifactLinkId,
  ): Promise<{ ok: true }> {
    return this.links.revoke(caller, id, linkId);
  }

  /** The raw file, as the runner gave it. */
  @Get('artifacts/:artifactId/content')
  async content(
    @CurrentCaller() caller: Caller,
    @Param('artifactId', { schema: artifactIdSchema }) id: ArtifactId,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#send(reply, await this.access.get(caller, id), 'private, max-age=3600, immutable');
  }

  /** The same for a tool without a login: `go tool pprof URL`. */
  @Public()
  @Get('artifact-links/:token/:name')
  async linked(
    @Param('token', { schema: tokenSchema }) token: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Kept nowhere: a link that was revoked opens nothing.
    await this.#send(reply, await this.links.open(token), 'no-store');
  }

  /** Always a download, never something a browser would show: a stranger's program wrote it. */
  async #send(reply: FastifyReply, artifact: ArtifactEntity, cacheControl: string): Promise<void> {
    const name = artifact.name.replaceAll(/[^\w.-]/g, '_');
    await reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', cacheControl)
      .send(await this.store.read(artifact));
  }
}
