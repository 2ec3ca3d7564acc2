import type { ArtifactBegin, ArtifactChunk, ArtifactEnd } from '@lineage/runner-protocol';
import { log } from '../../platform/logging/index.ts';
import type { ArtifactStore, StoredArtifact } from '../profiles/index.ts';
import { AgentProtocolError } from './agent/agent-events.ts';
import type { RunEntity } from './run.entity.ts';

/** Of one artifact, and of all that one run gives. What is larger is kept to here and marked as cut. */
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_ARTIFACTS = 16;
const namePattern = /^[a-z][a-z0-9._-]{0,63}$/;

type Open = { readonly kind: string; readonly chunks: Uint8Array[]; bytes: number; cut: boolean };

/** Puts the pieces of a run's artifacts together and stores each when it is whole. */
export class ArtifactReceiver {
  readonly #open = new Map<string, Open>();
  #seen = 0;

  constructor(
    private readonly store: Pick<ArtifactStore, 'save'>,
    private readonly run: Pick<RunEntity, 'id' | 'workspaceId' | 'groupId' | 'cohortId'>,
  ) {}

  /** @throws AgentProtocolError */
  begin({ name, kind }: ArtifactBegin): void {
    this.#seen += 1;
    if (!namePattern.test(name) || this.#open.has(name))
      throw new AgentProtocolError('an artifact has a name that it may not have');
    if (this.#seen > MOST_ARTIFACTS) throw new AgentProtocolError('too many artifacts');
    this.#open.set(name, { kind, chunks: [], bytes: 0, cut: false });
  }

  chunk({ name, data }: ArtifactChunk): void {
    const open = this.#open.get(name);
    if (open === undefined) throw new AgentProtocolError('a piece of an artifact that was not begun');
    const room = MOST_BYTES - open.bytes;
    if (data.length > room) open.cut = true;
    const kept = data.subarray(0, room);
    open.bytes += kept.length;
    if (kept.length > 0) open.chunks.push(kept);
  }

  /** Null for what is not kept: an empty file, or a kind that nobody shows. */
  async end({ name, truncated }: ArtifactEnd): Promise<StoredArtifact | null> {
    const open = this.#open.get(name);
    if (open === undefined) throw new AgentProtocolError('the end of an artifact that was not begun');
    this.#open.delete(name);
    if (open.bytes === 0 || (open.kind !== 'profile' && open.kind !== 'trace')) {
      log.info({ runId: this.run.id, artifact: name, bytes: open.bytes }, 'artifact not kept');
      return null;
    }
    const { id: runId, workspaceId, groupId, cohortId } = this.run;
    const facts = {
      runId,
      workspaceId,
      groupId,
      cohortId,
      name,
      kind: open.kind,
      truncated: truncated || open.cut,
    } as const;
    return this.store.save(facts, Buffer.concat(open.chunks));
  }
}
