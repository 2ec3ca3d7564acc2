import { Workspaces1764000003001 } from './migrations/1-workspaces.migration.ts';
import { Branches1764000003002 } from './migrations/2-branches.migration.ts';
import { WorkspaceTemplateEntity } from './workspace-template.entity.ts';
import { WorkspaceTicketEntity } from './workspace-ticket.entity.ts';
import { WorkspaceEntity } from './workspace.entity.ts';

export { WorkspaceAccess, type WorkspaceRow } from './workspace-access.service.ts';
export { type Branch, WorkspaceBranches } from './workspace-branches.service.ts';
export { WorkspaceDirectory } from './workspace-directory.service.ts';
export { WorkspaceTemplates } from './workspace-templates.service.ts';
export { WorkspaceTickets } from './workspace-tickets.service.ts';
export { WorkspacesModule } from './workspaces.module.ts';
export { Workspaces } from './workspaces.service.ts';

export const workspacesEntities = [WorkspaceEntity, WorkspaceTemplateEntity, WorkspaceTicketEntity];
export const workspacesMigrations = [Workspaces1764000003001, Branches1764000003002];
