import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ArtifactAccess } from './artifact-access.service.ts';
import { ArtifactChunkEntity } from './artifact-chunk.entity.ts';
import { ArtifactCleaning } from './artifact-cleaning.ts';
import { ArtifactLinkEntity } from './artifact-link.entity.ts';
import { ArtifactLinks } from './artifact-links.service.ts';
import { ArtifactStore } from './artifact-store.ts';
import { ArtifactEntity } from './artifact.entity.ts';
import { ProfileSummary } from './profile-summary.ts';
import { ProfilesController } from './profiles.controller.ts';

@Module({
  imports: [TypeOrmModule.forFeature([ArtifactEntity, ArtifactChunkEntity, ArtifactLinkEntity])],
  controllers: [ProfilesController],
  providers: [ArtifactStore, ArtifactAccess, ArtifactLinks, ArtifactCleaning, ProfileSummary],
  exports: [ArtifactStore],
})
export class ProfilesModule {}
