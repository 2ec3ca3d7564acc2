import { ClassEventEntity } from './class-event.entity.ts';
import { Classroom1764000002001 } from './migrations/1-classroom.migration.ts';

export { ClassSteps } from './class-steps.service.ts';
export { ClassroomModule } from './classroom.module.ts';
export { LiveServerAdapter } from './live/live-server.adapter.ts';

export const classroomEntities = [ClassEventEntity];
export const classroomMigrations = [Classroom1764000002001];
