import { ArtifactChunkEntity } from './artifact-chunk.entity.ts';
import { ArtifactLinkEntity } from './artifact-link.entity.ts';
import { ArtifactEntity } from './artifact.entity.ts';
import { Profiles1764000006001 } from './migrations/1-profiles.migration.ts';
import { ArtifactLinks1764000006002 } from './migrations/2-artifact-links.migration.ts';

export { ArtifactStore, type StoredArtifact } from './artifact-store.ts';
export { ProfilesModule } from './profiles.module.ts';

export const profilesEntities = [ArtifactEntity, ArtifactChunkEntity, ArtifactLinkEntity];
export const profilesMigrations = [Profiles1764000006001, ArtifactLinks1764000006002];
