import type { Schema } from './database/index.ts';
import { identityEntities, identityMigrations } from './features/identity/index.ts';

/** Every table of the application; each feature brings its own. Migrations run in the order of their time stamps. */
export const schema: Schema = {
  entities: [...identityEntities],
  migrations: [...identityMigrations],
};
