import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Artifact, ArtifactId, Run, RunId } from '@lineage/contracts';
import { type DataSource, In } from 'typeorm';
import { newId } from '../../platform/ids/index.ts';
import { ArtifactChunkEntity } from './artifact-chunk.entity.ts';
import { ArtifactEntity } from './artifact.entity.ts';
import { ProfileSummary } from './profile-summary.ts';

/** Rows of this size are read and written without noticeable pauses. */
const CHUNK_BYTES = 256 * 1024;
/** Held shared while a content and its row are stored, and alone while contents without a row are removed. */
const STORE_LOCK = 4_600_061;

export type NewArtifact = Pick<
  ArtifactEntity,
  'runId' | 'workspaceId' | 'groupId' | 'cohortId' | 'name' | 'kind' | 'truncated'
>;
export type StoredArtifact = { readonly artifact: Artifact; readonly hot: Run['hot'] };

/** Profiles and traces: the bytes once for each content, a row for each run that gave them. */
@Injectable()
export class ArtifactStore {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly summary: ProfileSummary,
  ) {}

  /** Stores the bytes and the row; resolves when both are durable. */
  async save(facts: NewArtifact, bytes: Uint8Array): Promise<StoredArtifact> {
    const hot = facts.kind === 'profile' ? await this.summary.hotOf(bytes) : null;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const row: ArtifactEntity = {
      ...facts,
      id: newId<ArtifactId>(),
      sizeBytes: bytes.length,
      sha256,
      hot,
      createdAt: new Date(),
    };
    await this.db.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock_shared($1)', [STORE_LOCK]);
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
        const chunk = {
          sha256,
          position: at / CHUNK_BYTES,
          bytes: Buffer.from(bytes.subarray(at, at + CHUNK_BYTES)),
        };
        await tx.createQueryBuilder().insert().into(ArtifactChunkEntity).values(chunk).orIgnore().execute();
      }
      await tx.insert(ArtifactEntity, row);
    });
    return { artifact: toArtifact(row), hot };
  }

  /** What these runs gave, oldest first. */
  async ofRuns(runIds: readonly RunId[]): Promise<Map<RunId, StoredArtifact[]>> {
    const found = new Map<RunId, StoredArtifact[]>();
    if (runIds.length === 0) return found;
    const rows = await this.db
      .getRepository(ArtifactEntity)
      .find({ where: { runId: In([...runIds]) }, order: { createdAt: 'ASC', id: 'ASC' } });
    for (const row of rows)
      found.set(row.runId, [...(found.get(row.runId) ?? []), { artifact: toArtifact(row), hot: row.hot }]);
    return found;
  }

  find(id: ArtifactId): Promise<ArtifactEntity | null> {
    return this.db.getRepository(ArtifactEntity).findOneBy({ id });
  }

  /** Removes bytes that no artifact names any more; resolves to the number of chunks. */
  removeUnused(): Promise<number> {
    return this.db.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [STORE_LOCK]);
      const [, removed]: [unknown, number] = await tx.query(
        'DELETE FROM artifact_chunk c WHERE NOT EXISTS (SELECT FROM artifact a WHERE a.sha256 = c.sha256)',
      );
      return removed;
    });
  }

  async read({ sha256 }: Pick<ArtifactEntity, 'sha256'>): Promise<Buffer> {
    const chunks = await this.db
      .getRepository(ArtifactChunkEntity)
      .find({ where: { sha256 }, order: { position: 'ASC' } });
    return Buffer.concat(chunks.map(({ bytes }) => bytes));
  }
}

function toArtifact({ id, runId, name, kind, sizeBytes, sha256, truncated }: ArtifactEntity): Artifact {
  return { id, runId, name, kind, sizeBytes, sha256, truncated };
}
