import * as Y from 'yjs';
import { FrameError } from './frame-error.ts';
import { MAX_CLOCK, MAX_STRUCTS } from './limits.ts';
import { FILES_ROOT } from './workspace-document.ts';

export type Range = { readonly client: number; readonly clock: number; readonly length: number };

/** What an update would do, read without applying it. */
export type UpdateFacts = {
  readonly structs: readonly Range[];
  readonly deletes: readonly Range[];
  /** Operations that have to be there before: origins and parents. */
  readonly needs: readonly { readonly client: number; readonly clock: number }[];
  /** UTF-16 units of text inserted. */
  readonly insertedUnits: number;
  /** Only text in, text out: neither a file nor a name changes by insertion. */
  readonly onlyText: boolean;
};

type Collected = {
  structs: Range[];
  needs: { client: number; clock: number }[];
  insertedUnits: number;
  onlyText: boolean;
};

/**
 * Reads a V1 update. Foreign roots and content that a workspace document does not have are refused here.
 * @throws FrameError and nothing else, whatever the bytes are
 */
export function readUpdateFacts(update: Uint8Array): UpdateFacts {
  const { structs, ds } = decode(update);
  if (structs.length > MAX_STRUCTS) throw new FrameError('an update of too many operations');
  const collected: Collected = { structs: [], needs: [], insertedUnits: 0, onlyText: true };
  for (const struct of structs) readStruct(struct, collected);
  const deletes: Range[] = [];
  for (const [client, items] of ds.clients) {
    for (const { clock, len } of items) deletes.push(checkedRange(client, clock, len));
  }
  if (deletes.length > MAX_STRUCTS) throw new FrameError('an update of too many deletions');
  return { ...collected, deletes };
}

/** The clients and clocks of a state vector. @throws FrameError */
export function readStateVector(stateVector: Uint8Array): Map<number, number> {
  try {
    return Y.decodeStateVector(stateVector);
  } catch {
    throw new FrameError('a state vector that cannot be read');
  }
}

function decode(update: Uint8Array): ReturnType<typeof Y.decodeUpdate> {
  try {
    return Y.decodeUpdate(update);
  } catch {
    throw new FrameError('an update that cannot be read');
  }
}

function readStruct(struct: Y.Item | Y.GC | Y.Skip, into: Collected): void {
  const { client, clock } = struct.id;
  if (struct instanceof Y.Skip) throw new FrameError('an update with a gap');
  into.structs.push(checkedRange(client, clock, struct.length));
  if (!(struct instanceof Y.Item)) return;
  for (const id of [struct.origin, struct.rightOrigin])
    if (id !== null) into.needs.push({ client: id.client, clock: id.clock });
  readParent(struct, into);
  readContent(struct, into);
}

function readParent(item: Y.Item, into: Collected): void {
  const parent: unknown = item.parent;
  if (typeof parent === 'string') {
    if (parent !== FILES_ROOT) throw new FrameError('an update of an unknown root');
    into.onlyText = false;
  } else if (parent instanceof Y.ID) {
    into.needs.push({ client: parent.client, clock: parent.clock });
  }
  if (item.parentSub !== null) into.onlyText = false;
}

function readContent(item: Y.Item, into: Collected): void {
  const { content } = item;
  if (content instanceof Y.ContentString) {
    into.insertedUnits += content.str.length;
  } else if (content instanceof Y.ContentAny) {
    if (content.arr.some((value: unknown) => typeof value !== 'string'))
      throw new FrameError('a value that is not a string');
    into.onlyText = false;
  } else if (content instanceof Y.ContentType) {
    const type: unknown = content.type;
    if (!(type instanceof Y.Map) && type?.constructor !== Y.Text)
      throw new FrameError('a type that a workspace does not have');
    into.onlyText = false;
  } else if (!(content instanceof Y.ContentDeleted)) {
    throw new FrameError('content that a workspace does not have');
  }
}

function checkedRange(client: number, clock: number, length: number): Range {
  const whole = Number.isSafeInteger(client) && Number.isSafeInteger(clock) && Number.isSafeInteger(length);
  if (!whole || client < 0 || clock < 0 || length < 0 || clock + length > MAX_CLOCK)
    throw new FrameError('a clock out of range');
  return { client, clock, length };
}
