import { Controller, Param, Query } from '@nestjs/common';
import {
  type ComparableRun,
  type formatSourceSchema,
  type Formatted,
  type Run,
  type RunEvent,
  type RunId,
  type RunnerOverview,
  runIdSchema,
  type startRunSchema,
  type stdinSchema,
  type TraceOverview,
  type TraceView,
  type TraceViewQuery,
  traceViewQuerySchema,
  type WorkspaceId,
  workspaceIdSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { z } from 'zod';
import { CurrentCaller } from '../../platform/auth/index.ts';
import { Endpoint, EndpointBody, IdempotencyKey, ReceivedAt } from '../../platform/http/index.ts';
import { ComparableRuns } from './comparable-runs.service.ts';
import { GoVersions } from './go-versions.service.ts';
import { FormatSource } from './format-source.service.ts';
import { RunAccess } from './run-access.service.ts';
import { StartRun } from './start-run.service.ts';
import { RunnerOverviewService } from './runner-overview.service.ts';
import { SteerRun } from './steer-run.service.ts';
import { RunTraces } from './trace/run-traces.service.ts';

const afterSchema = z.coerce.number().int().min(0).max(2_147_483_647).default(0);

@Controller()
export class RunsController {
  constructor(
    private readonly access: RunAccess,
    private readonly starter: StartRun,
    private readonly steering: SteerRun,
    private readonly formatter: FormatSource,
    private readonly overviews: RunnerOverviewService,
    private readonly comparable: ComparableRuns,
    private readonly traces: RunTraces,
    private readonly releases: GoVersions,
  ) {}

  @Endpoint('startRun')
  start(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
    @EndpointBody('startRun') body: z.output<typeof startRunSchema>,
    @IdempotencyKey() key: string,
    @ReceivedAt() receivedAt: Date,
  ): Promise<Run> {
    return this.starter.start(caller, id, body, key, receivedAt);
  }

  @Endpoint('getRunnerOverview')
  overview(@CurrentCaller() caller: Caller): Promise<RunnerOverview> {
    return this.overviews.get(caller);
  }

  @Endpoint('formatSource')
  format(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
    @EndpointBody('formatSource') body: z.output<typeof formatSourceSchema>,
  ): Promise<Formatted> {
    return this.formatter.format(caller, id, body);
  }

  @Endpoint('cancelRun')
  cancel(@CurrentCaller() caller: Caller, @Param('runId', { schema: runIdSchema }) id: RunId): Promise<Run> {
    return this.steering.cancel(caller, id);
  }

  @Endpoint('sendStdin')
  type(
    @CurrentCaller() caller: Caller,
    @Param('runId', { schema: runIdSchema }) id: RunId,
    @EndpointBody('sendStdin') { text, close }: z.output<typeof stdinSchema>,
  ): Promise<{ ok: true }> {
    return this.steering.type(caller, id, text, close);
  }

  @Endpoint('listRuns')
  list(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
  ): Promise<{ runs: Run[] }> {
    return this.access.list(caller, id);
  }

  @Endpoint('listGoVersions')
  goVersions(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
  ): Promise<{ versions: string[] }> {
    return this.releases.list(caller, id);
  }

  @Endpoint('listComparableRuns')
  listComparable(
    @CurrentCaller() caller: Caller,
    @Param('workspaceId', { schema: workspaceIdSchema }) id: WorkspaceId,
  ): Promise<{ runs: ComparableRun[] }> {
    return this.comparable.list(caller, id);
  }

  @Endpoint('getRun')
  get(@CurrentCaller() caller: Caller, @Param('runId', { schema: runIdSchema }) id: RunId): Promise<Run> {
    return this.access.get(caller, id);
  }

  @Endpoint('listRunEvents')
  events(
    @CurrentCaller() caller: Caller,
    @Param('runId', { schema: runIdSchema }) id: RunId,
    @Query('after', { schema: afterSchema }) after: number,
  ): Promise<{ events: RunEvent[] }> {
    return this.access.events(caller, id, after);
  }

  @Endpoint('getTraceOverview')
  traceOverview(
    @CurrentCaller() caller: Caller,
    @Param('runId', { schema: runIdSchema }) id: RunId,
  ): Promise<TraceOverview> {
    return this.traces.overview(caller, id);
  }

  @Endpoint('getTraceView')
  traceView(
    @CurrentCaller() caller: Caller,
    @Param('runId', { schema: runIdSchema }) id: RunId,
    @Query({ schema: traceViewQuerySchema }) query: TraceViewQuery,
  ): Promise<TraceView> {
    return this.traces.view(caller, id, query);
  }
}
