import type { Schema } from './database/index.ts';
import { classroomEntities, classroomMigrations } from './features/classroom/index.ts';
import { cohortsEntities, cohortsMigrations } from './features/cohorts/index.ts';
import { identityEntities, identityMigrations } from './features/identity/index.ts';
import { processesEntities, processesMigrations } from './features/processes/index.ts';
import { profilesEntities, profilesMigrations } from './features/profiles/index.ts';
import { roomsEntities, roomsMigrations } from './features/rooms/index.ts';
import { runsEntities, runsMigrations } from './features/runs/index.ts';
import { workspacesEntities, workspacesMigrations } from './features/workspaces/index.ts';

/** Every table of the application; each feature brings its own. Migrations run in the order of their time stamps. */
export const schema: Schema = {
  entities: [
    ...identityEntities,
    ...cohortsEntities,
    ...classroomEntities,
    ...workspacesEntities,
    ...roomsEntities,
    ...runsEntities,
    ...profilesEntities,
    ...processesEntities,
  ],
  migrations: [
    ...identityMigrations,
    ...cohortsMigrations,
    ...classroomMigrations,
    ...workspacesMigrations,
    ...roomsMigrations,
    ...runsMigrations,
    ...profilesMigrations,
    ...processesMigrations,
  ],
};
