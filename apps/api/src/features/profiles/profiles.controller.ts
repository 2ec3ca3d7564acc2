import { Controller, Get, Param, Res } from '@nestjs/common';
import { type ArtifactId, artifactIdSchema } from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CurrentCaller, Public } from '../../platform/auth/index.ts';
import { Endpoint } from '../../platform/http/index.ts';
import { ArtifactAccess } from './artifact-access.service.ts';
import { ArtifactStore } from './artifact-store.ts';
import type { ArtifactEntity } from './artifact.entity.ts';

const tokenSchema = z.string().min(20).max(128);

@Controller()
export class ProfilesController {
  constructor(
    private readonly access: ArtifactAccess,
    private readonly store: ArtifactStore,
  ) {}

  @Endpoint('createArtifactLink')
  link(
    @CurrentCaller() caller: Caller,
    @Param('artifactId', { schema: artifactIdSchema }) id: ArtifactId,
  ): Promise<{ url: string; expiresAt: string }> {
    return this.access.link(caller, id);
  }

  /** The raw file, as the runner gave it. */
  @Get('artifacts/:artifactId/content')
  async content(
    @CurrentCaller() caller: Caller,
    @Param('artifactId', { schema: artifactIdSchema }) id: ArtifactId,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#send(reply, await this.access.get(caller, id));
  }

  /** The same for a tool without a login: `go tool pprof URL`. */
  @Public()
  @Get('artifact-links/:token/:name')
  async linked(
    @Param('token', { schema: tokenSchema }) token: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#send(reply, await this.access.linked(token));
  }

  /** Always a download, never something a browser would show: a stranger's program wrote it. */
  async #send(reply: FastifyReply, artifact: ArtifactEntity): Promise<void> {
    const name = artifact.name.replaceAll(/[^\w.-]/g, '_');
    await reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'private, max-age=3600, immutable')
      .send(await this.store.read(artifact));
  }
}
