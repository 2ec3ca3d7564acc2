import { readTree } from '@lineage/collab';
import * as Y from 'yjs';
import { treeHash } from '../tree-hash.ts';
import { Authorship } from './authorship.ts';
import { ExportTooLargeError, exportGit } from './git-export.ts';
import { CHUNK_BYTES, CHUNK_EDITS, KEPT_AUTHORSHIPS } from './log-limits.ts';
import type { LogPlace, LogReader } from './log-reader.ts';
import type { LogAnswer, LogAsk, LogReply, LogRequest } from './log-requests.ts';
import { BrokenLogError, documentAt, encodeVerified, storeKeyFrame } from './replay.ts';

/** Answers questions about logs, one after the other. Runs in a worker: a replay takes as long as the log is. */
export class LogWork {
  readonly #reader: LogReader;
  /** The least recently asked first. */
  readonly #authorships = new Map<string, Authorship>();

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  async reply(request: LogRequest): Promise<LogReply> {
    const { id } = request;
    try {
      return { id, ok: true, answer: await this.#answer(request) };
    } catch (err) {
      const problem = err instanceof Error ? err.message : String(err);
      return { id, ok: false, tooLarge: err instanceof ExportTooLargeError, problem };
    }
  }

  #answer(request: LogRequest): Promise<unknown> {
    switch (request.question) {
      case 'chunk':
        return this.#chunk(request.ask);
      case 'tree':
        return this.#tree(request.ask);
      case 'blame':
        return this.#blame(request.ask);
      case 'shares':
        return this.#shares(request.ask);
      case 'export':
        return exportGit(this.#reader, { ...request.ask, people: new Map(request.ask.people) });
      case 'compact':
        return this.#compact(request.ask);
      case 'settle':
        return this.#settle(request.ask);
    }
  }

  async #chunk({ workspaceId, epoch, from }: LogAsk<'chunk'>): Promise<LogAnswer<'chunk'>> {
    const place = { workspaceId, epoch };
    const head = await this.#reader.head(place);
    const at = Math.min(from, head);
    const doc = await documentAt(this.#reader, place, at, { keyFrames: true });
    const state = Y.encodeStateAsUpdate(doc);
    doc.destroy();
    const edits = await this.#reader.page(place, at, Math.min(head, at + CHUNK_EDITS), CHUNK_BYTES);
    return { state, head, edits };
  }

  async #tree({ seq, ...place }: LogAsk<'tree'>): Promise<LogAnswer<'tree'>> {
    const at = Math.min(seq, await this.#reader.head(place));
    const doc = await documentAt(this.#reader, place, at, { keyFrames: true });
    const files = readTree(doc);
    doc.destroy();
    return { seq: at, files };
  }

  async #blame({ workspaceId, epoch, fileId }: LogAsk<'blame'>): Promise<LogAnswer<'blame'>> {
    const authorship = await this.#authorship({ workspaceId, epoch });
    const runs = authorship.blame(fileId);
    return runs === null ? null : { seq: authorship.seq, runs };
  }

  async #shares(place: LogAsk<'shares'>): Promise<LogAnswer<'shares'>> {
    const authorship = await this.#authorship(place);
    return { seq: authorship.seq, ...authorship.shares() };
  }

  /** Up to the head of the log; what was read for an earlier question is not read again. */
  async #authorship(place: LogPlace): Promise<Authorship> {
    const key = `${place.workspaceId} ${place.epoch}`;
    const authorship = this.#authorships.get(key) ?? new Authorship(await this.#reader.template(place));
    // One that failed half-way is not kept.
    this.#authorships.delete(key);
    const head = await this.#reader.head(place);
    for await (const rows of this.#reader.pages(place, authorship.seq, head))
      for (const row of rows) authorship.take(row);
    this.#authorships.set(key, authorship);
    const [oldest] = this.#authorships.keys();
    if (this.#authorships.size > KEPT_AUTHORSHIPS && oldest !== undefined) {
      this.#authorships.get(oldest)?.doc.destroy();
      this.#authorships.delete(oldest);
    }
    return authorship;
  }

  async #settle({ seq, ...place }: LogAsk<'settle'>): Promise<LogAnswer<'settle'>> {
    const doc = await documentAt(this.#reader, place, seq, { keyFrames: false });
    await storeKeyFrame(this.#reader, place, seq, doc);
    doc.destroy();
    return { seq };
  }

  async #compact(ask: LogAsk<'compact'>): Promise<LogAnswer<'compact'>> {
    const doc = await documentAt(this.#reader, ask, ask.seq, { keyFrames: false });
    if (treeHash(readTree(doc)) !== ask.treeHash)
      throw new BrokenLogError('the log does not give the text of the document that is open');
    const { state, hash } = encodeVerified(doc);
    doc.destroy();
    const rows = await this.#reader.query(
      `INSERT INTO room_snapshot (workspace_id, epoch, seq, state, tree_hash, at)
       SELECT workspace_id, epoch, $4, $5, $6, now() FROM room_lease WHERE workspace_id = $1 AND epoch = $2 AND fence = $3
       ON CONFLICT (workspace_id, epoch, seq) DO UPDATE SET seq = excluded.seq RETURNING seq`,
      [ask.workspaceId, ask.epoch, ask.fence, ask.seq, Buffer.from(state), hash],
    );
    return { held: rows.length > 0 };
  }
}
