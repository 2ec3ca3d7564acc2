import { Controller, Param } from '@nestjs/common';
import {
  type ClassCommand,
  type ClassEvent,
  type ClassSession,
  type ClassSessionId,
  classSessionIdSchema,
  type ClassState,
} from '@lineage/contracts';
import type { Caller } from '@lineage/domain';
import { CurrentCaller } from '../../platform/auth/index.ts';
import { Endpoint, EndpointBody, IdempotencyKey } from '../../platform/http/index.ts';
import { ClassSessions } from './class-sessions.service.ts';

const ClassParam = (): ParameterDecorator => Param('classSessionId', { schema: classSessionIdSchema });

@Controller()
export class ClassroomController {
  constructor(private readonly sessions: ClassSessions) {}

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
}
