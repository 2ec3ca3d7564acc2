import { FirstOwnerLinkEntity } from './first-owner-link.entity.ts';
import { Identity1764000000001 } from './migrations/1-identity.migration.ts';
import { ProgrammeRoleEntity } from './programme-role.entity.ts';

export { AccountDirectory, type AccountRow } from './account-directory.ts';
export { Accounts } from './accounts.service.ts';
export { FirstOwner } from './first-owner.service.ts';
export { IdentityModule } from './identity.module.ts';
export { type LoginLibrary, makeLoginLibrary } from './login-library.ts';
export { mountLoginRoutes } from './login-routes.ts';
export { MeService } from './me.service.ts';
export { toPerson } from './person.ts';

export const identityEntities = [ProgrammeRoleEntity, FirstOwnerLinkEntity];
export const identityMigrations = [Identity1764000000001];
