import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/index.ts';
import { CohortsModule } from '../cohorts/index.ts';
import { WorkspaceAccess } from './workspace-access.service.ts';
import { WorkspaceBranches } from './workspace-branches.service.ts';
import { WorkspaceDirectory } from './workspace-directory.service.ts';
import { WorkspaceTemplateEntity } from './workspace-template.entity.ts';
import { WorkspaceTemplates } from './workspace-templates.service.ts';
import { WorkspaceTicketEntity } from './workspace-ticket.entity.ts';
import { WorkspaceTickets } from './workspace-tickets.service.ts';
import { WorkspaceEntity } from './workspace.entity.ts';
import { WorkspacesController } from './workspaces.controller.ts';
import { Workspaces } from './workspaces.service.ts';

@Module({
  imports: [
    TypeOrmModule.forFeature([WorkspaceEntity, WorkspaceTemplateEntity, WorkspaceTicketEntity]),
    CatalogModule,
    CohortsModule,
  ],
  controllers: [WorkspacesController],
  providers: [
    Workspaces,
    WorkspaceAccess,
    WorkspaceBranches,
    WorkspaceDirectory,
    WorkspaceTemplates,
    WorkspaceTickets,
  ],
  exports: [
    Workspaces,
    WorkspaceAccess,
    WorkspaceBranches,
    WorkspaceDirectory,
    WorkspaceTemplates,
    WorkspaceTickets,
  ],
})
export class WorkspacesModule {}
