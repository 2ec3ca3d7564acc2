import { Controller, Param } from '@nestjs/common';
import {
  type ClassCommand,
  type ClassEvent,
  type ClassSession,
  type ClassBatch,
  type ClassSessionId,
  classSessionIdSchema,
  type ClassState,
  type CommandedGroups,
  type commandGroupsSchema,
  type RanForAll,
  type runForAllSchema,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { CurrentCaller } from '../../platform/auth/index.ts';
import type { z } from 'zod';
import { Endpoint, EndpointBody, IdempotencyKey, ReceivedAt } from '../../platform/http/index.ts';
import { ClassRooms } from './class-rooms.service.ts';
import { ClassRuns } from './class-runs.service.ts';
import { ClassSessions } from './class-sessions.service.ts';

const ClassParam = (): ParameterDecorator => Param('classSessionId', { schema: classSessionIdSchema });

@Controller()
export class ClassroomController {
  constructor(
    private readonly sessions: ClassSessions,
    private readonly runs: ClassRuns,
    private readonly rooms: ClassRooms,
  ) {}

  @Endpoint('getClassSession')
  get(@CurrentCaller() caller: Caller, @ClassParam() id: ClassSessionId): Promise<ClassSession> {
    return this.sessions.get(caller, id);
  }

  @Endpoint('listClassEvents')
  events(
    @CurrentCaller() caller: Caller,
    @ClassParam() id: ClassSessionId,
  ): Promise<{ events: ClassEvent[] }> {
    return this.sessions.events(caller, id);
  }

  @Endpoint('commandClass')
  command(
    @CurrentCaller() caller: Caller,
    @ClassParam() id: ClassSessionId,
    @IdempotencyKey() key: string,
    @EndpointBody('commandClass') command: ClassCommand,
  ): Promise<ClassState> {
    return this.sessions.command(caller, id, key, command);
  }

  @Endpoint('runForAll')
  runForAll(
    @CurrentCaller() caller: Caller,
    @ClassParam() id: ClassSessionId,
    @IdempotencyKey() key: string,
    @EndpointBody('runForAll') body: z.output<typeof runForAllSchema>,
    @ReceivedAt() receivedAt: Date,
  ): Promise<RanForAll> {
    return this.runs.runForAll(caller, id, body, key, receivedAt);
  }

  @Endpoint('commandGroups')
  commandGroups(
    @CurrentCaller() caller: Caller,
    @ClassParam() id: ClassSessionId,
    @IdempotencyKey() key: string,
    @EndpointBody('commandGroups') { type }: z.output<typeof commandGroupsSchema>,
  ): Promise<CommandedGroups> {
    return this.rooms.command(caller, id, type, key);
  }

  @Endpoint('getClassBatch')
  batch(@CurrentCaller() caller: Caller, @ClassParam() id: ClassSessionId): Promise<ClassBatch> {
    return this.runs.batch(caller, id);
  }

  @Endpoint('cancelClassBatch')
  cancelBatch(@CurrentCaller() caller: Caller, @ClassParam() id: ClassSessionId): Promise<ClassBatch> {
    return this.runs.cancelBatch(caller, id);
  }
}
