import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import {
  type Attribution,
  type Blame,
  type branchSchema,
  type History,
  type HistoryEdits,
  type Workspace,
  type WorkspaceId,
  workspaceIdSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CurrentCaller } from '../../platform/auth/index.ts';
import { Endpoint, EndpointBody, IdempotencyKey } from '../../platform/http/index.ts';
import { GitExport } from './git-export.service.ts';
import { MAX_FILE_ID_LENGTH } from './history-limits.ts';
import { Past } from './past.service.ts';
import { Timeline } from './timeline.service.ts';

const MAX_INTEGER = 2_147_483_647;
const epochSchema = z.coerce.number().int().min(1).max(MAX_INTEGER);
const fromSchema = z.coerce.number().int().min(0).max(MAX_INTEGER).default(0);
const fileIdSchema = z.string().min(1).max(MAX_FILE_ID_LENGTH);

@Controller()
export class HistoryController {
  constructor(
    private readonly timeline: Timeline,
    private readonly past: Past,
    private readonly exports: GitExport,
  ) {}

  @Endpoint('getHistory')
  get(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
  ): Promise<History> {
    return this.timeline.get(caller, id);
  }

  @Endpoint('getHistoryEdits')
  edits(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
    @Param('epoch', { schema: epochSchema }) epoch: number,
    @Query('from', { schema: fromSchema }) from: number,
  ): Promise<HistoryEdits> {
    return this.past.edits(caller, id, { epoch, from });
  }

  @Endpoint('getBlame')
  blame(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
    @Param('fileId', { schema: fileIdSchema }) fileId: string,
  ): Promise<Blame> {
    return this.past.blame(caller, id, fileId);
  }

  @Endpoint('getAttribution')
  attribution(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
  ): Promise<Attribution> {
    return this.past.attribution(caller, id);
  }

  @Endpoint('branchWorkspace')
  branch(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
    @EndpointBody('branchWorkspace') moment: z.output<typeof branchSchema>,
    @IdempotencyKey() key: string,
  ): Promise<Workspace> {
    return this.past.branch(caller, id, moment, key);
  }

  /** The whole life as a git bundle, always a download. */
  @Get('workspaces/:workspaceId/history.bundle')
  async bundle(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { name, content } = await this.exports.bundle(caller, id);
    await reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .send(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
  }
}
