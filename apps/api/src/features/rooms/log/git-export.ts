import { readTree, type TreeFile } from '@lineage/collab';
import * as Y from 'yjs';
import { treeHash } from '../tree-hash.ts';
import { GitBundle, gitName, type GitPerson } from './git-objects.ts';
import { MAX_EXPORT_BYTES } from './log-limits.ts';
import type { LogReader, LogRow } from './log-reader.ts';

/** Something that happened at a time and makes a version of its own: a run, a step of the class. */
export type VersionMark = { readonly at: number; readonly message: string };
export type ExportOrder = {
  readonly workspaceId: string;
  /** Of every epoch: who began it and when; the first one was made with the workspace. */
  readonly epochs: readonly { readonly epoch: number; readonly at: number; readonly accountId: string }[];
  /** In order of time. */
  readonly marks: readonly VersionMark[];
  /** Who is in the log, under the name and address that the export shows. */
  readonly people: ReadonlyMap<string, GitPerson>;
  readonly service: GitPerson;
  readonly pauseMs: number;
};

export class ExportTooLargeError extends Error {
  override name = 'ExportTooLargeError';
}

/** The life of a workspace as commits: what stood at each mark, before each longer pause, and at the end. */
export async function exportGit(reader: LogReader, order: ExportOrder): Promise<Uint8Array> {
  const history = new History(order);
  const marks = [...order.marks];
  for (const { epoch, at, accountId } of order.epochs) {
    const place = { workspaceId: order.workspaceId, epoch };
    const doc = new Y.Doc();
    Y.applyUpdate(doc, await reader.template(place));
    history.begin(epoch, at, accountId, readTree(doc));
    let lastAt = at;
    const version = (message: string): void => history.version(readTree(doc), lastAt, message);
    const beforeEdit = (row: LogRow): void => {
      while (marks[0] !== undefined && marks[0].at < row.at) version(marks.shift()?.message ?? '');
      if (row.at - lastAt >= order.pauseMs) version('');
    };
    const head = await reader.head(place);
    for await (const rows of reader.pages(place, 0, head)) {
      for (const row of rows) {
        beforeEdit(row);
        Y.applyUpdate(doc, row.update);
        history.edited(row.accountId);
        lastAt = Math.max(lastAt, row.at);
      }
    }
    const ends = order.epochs.find((next) => next.epoch > epoch)?.at ?? Infinity;
    while (marks[0] !== undefined && marks[0].at < ends) version(marks.shift()?.message ?? '');
    version('');
    doc.destroy();
  }
  return history.encode();
}

class History {
  readonly #bundle = new GitBundle();
  readonly #order: ExportOrder;
  #head: string | null = null;
  #hash = '';
  /** Edits of each person since the last version. */
  #edits = new Map<string, number>();

  constructor(order: ExportOrder) {
    this.#order = order;
  }

  begin(epoch: number, at: number, accountId: string, files: TreeFile[]): void {
    const first = this.#head === null;
    this.#edits = new Map(first ? [] : [[accountId, 1]]);
    this.#add(files, at, first ? 'Begin with the template' : `Reset to the template (epoch ${epoch})`);
  }

  edited(accountId: string): void {
    this.#edits.set(accountId, (this.#edits.get(accountId) ?? 0) + 1);
  }

  version(files: TreeFile[], at: number, message: string): void {
    if (this.#edits.size === 0) return;
    this.#add(files, at, message);
  }

  encode(): Uint8Array {
    if (this.#head === null) throw new Error('a workspace without an epoch');
    return this.#bundle.encode(this.#head);
  }

  #add(files: TreeFile[], at: number, message: string): void {
    const hash = treeHash(files);
    if (hash === this.#hash && this.#head !== null) return;
    this.#hash = hash;
    const { service, people } = this.#order;
    const authors = [...this.#edits]
      .sort(([, a], [, b]) => b - a)
      .flatMap(([accountId]) => people.get(accountId) ?? []);
    this.#edits = new Map();
    const [author, ...others] = authors;
    const trailers = others.map(({ name, email }) => `Co-authored-by: ${gitName(name)} <${email}>`);
    const subject = message === '' ? 'Edit' : message;
    this.#head = this.#bundle.commit({
      files,
      parent: this.#head,
      author: author ?? service,
      committer: service,
      at,
      message: [subject, ...(trailers.length === 0 ? [] : ['', ...trailers])].join('\n'),
    });
    if (this.#bundle.contentBytes > MAX_EXPORT_BYTES)
      throw new ExportTooLargeError('an export of more text than is packed at once');
  }
}
