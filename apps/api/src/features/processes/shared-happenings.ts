import { Injectable } from '@nestjs/common';
import {
  classEventSchema,
  classSessionIdSchema,
  cohortIdSchema,
  groupIdSchema,
  runEventsSchema,
  runPrintingSchema,
  runSchema,
  workspaceDiagnosticsSchema,
  workspaceIdSchema,
} from '@lineage/contracts';
import { z } from 'zod';
import { type DomainEventMap, DomainEvents } from '../../platform/events/index.ts';
import { EventStream } from './event-stream.service.ts';

/** What people on every process have to see, and as what it arrives. An event that is not here stays in its process. */
const shared = {
  'workspace.edited': z.object({
    workspaceId: workspaceIdSchema,
    groupId: groupIdSchema,
    at: z.coerce.date(),
  }),
  'workspace.opened': z.object({
    workspaceId: workspaceIdSchema,
    groupId: groupIdSchema,
    cohortId: cohortIdSchema,
  }),
  'workspace.checked': workspaceDiagnosticsSchema,
  'run.changed': z.object({ run: runSchema, cohortId: cohortIdSchema }),
  'run.happened': runEventsSchema.extend({ workspaceId: workspaceIdSchema }),
  'run.printing': runPrintingSchema,
  'class.happened': z.object({
    classSessionId: classSessionIdSchema,
    cohortId: cohortIdSchema,
    events: z.array(classEventSchema),
  }),
} as const;

type Shared = keyof typeof shared;
const names = Object.keys(shared) as Shared[];

/** Tells what happens here to the other processes, and here what happens there. */
@Injectable()
export class SharedHappenings {
  constructor(
    private readonly stream: EventStream,
    private readonly events: DomainEvents,
  ) {}

  start(): void {
    if (!this.stream.isShared) return;
    for (const name of names) {
      this.events.forward(name, (event) => this.stream.tell(name, event));
      this.stream.hear(name, (payload) =>
        this.events.receive(name, shared[name].parse(payload) as DomainEventMap[typeof name]),
      );
    }
  }
}
