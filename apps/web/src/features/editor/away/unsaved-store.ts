import type { TreeFile } from '@lineage/collab';

/** Edits of one page that are not on the server yet, kept in this browser until they are. */
export type UnsavedCopy = {
  /** Workspace, account and the document's client id: two pages never overwrite each other's. */
  readonly key: string;
  readonly workspaceId: string;
  readonly accountId: string;
  readonly epoch: number;
  /** What the server may lack, as a Yjs update. */
  readonly update: Uint8Array;
  /** The whole text, for when the update cannot be mixed with what is on the server. */
  readonly files: readonly TreeFile[];
  /** Milliseconds since the epoch. */
  readonly at: number;
};

export type UnsavedStore = {
  put(copy: UnsavedCopy): Promise<void>;
  list(workspaceId: string, accountId: string): Promise<UnsavedCopy[]>;
  remove(keys: readonly string[]): Promise<void>;
};

const DATABASE = 'lineage';
const VERSION = 1;
const TABLE = 'unsaved';
const BY_OWNER = 'owner';
/** A copy that nobody came back for in this time is of no use to anybody. */
const KEEP_MS = 90 * 24 * 60 * 60 * 1_000;

/** The browser's own database. @throws DOMException where the browser keeps nothing, as in some private windows */
export function browserUnsavedStore(): UnsavedStore {
  let opening: Promise<IDBDatabase> | null = null;
  const table = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => {
    opening ??= openDatabase();
    return (await opening).transaction(TABLE, mode).objectStore(TABLE);
  };
  return {
    async put(copy) {
      await answerOf((await table('readwrite')).put(copy));
    },
    async list(workspaceId, accountId) {
      const owner = IDBKeyRange.only([workspaceId, accountId]);
      const copies = await answerOf<UnsavedCopy[]>(
        (await table('readonly')).index(BY_OWNER).getAll(owner) as IDBRequest<UnsavedCopy[]>,
      );
      return copies.filter(({ at }) => Date.now() - at < KEEP_MS);
    },
    async remove(keys) {
      const from = await table('readwrite');
      await Promise.all(keys.map((key) => answerOf(from.delete(key))));
    },
  };
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, VERSION);
  request.onupgradeneeded = () => {
    request.result
      .createObjectStore(TABLE, { keyPath: 'key' })
      .createIndex(BY_OWNER, ['workspaceId', 'accountId']);
  };
  return answerOf(request);
}

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser keeps nothing'));
  });
