import * as Y from 'yjs';
import { FrameError } from './frame-error.ts';
import { MAX_CLOCK, MAX_STRUCTS } from './limits.ts';
import type { Range, UpdateFacts } from './update-facts.ts';
import { FILES_ROOT } from './workspace-document.ts';

type Collected = {
  structs: Range[];
  needs: { client: number; clock: number }[];
  insertedUnits: number;
  onlyText: boolean;
};

/** As `readUpdateFacts`, of any update: Yjs decodes it. @throws FrameError and nothing else, whatever the bytes are */
export function readDecodedFacts(update: Uint8Array): UpdateFacts {
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
