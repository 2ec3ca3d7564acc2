import { FILES_ROOT, listFiles } from '@lineage/collab';
import { setTimeout as delay } from 'node:timers/promises';
import * as Y from 'yjs';
import { connect } from './load/connect.ts';
import { encodeEdit, type Place } from './load/protocols.ts';

/** One frame takes a mebibyte. */
const MAX_UPDATE_BYTES = 700 * 1024;
/** An item of one letter: what it lies between, and what it holds. */
const BYTES_OF_A_LETTER = 16;
/** Between two letters; never next to the last one, with which it would become one item. */
const STEP = 7;
const LOOK_EVERY_MS = 200;
const DEADLINE_MS = 120_000;
/** What other dialects have instead of the files of a workspace. */
const TEXT = 'text';

/**
 * Makes the document at a place at least `bytes` long when it is encoded, as typing in many places does: a letter here and
 * a letter there, each an item of its own. Resolves to its length when a newcomer gets it.
 */
export async function growDocument(place: Place, bytes: number): Promise<number> {
  const { socket, state } = await connect(place);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const text = place.dialect === 'lineage' ? listFiles(doc)[0]?.text : doc.getText(TEXT);
  if (text === undefined) throw new Error(`there is no file in ${FILES_ROOT}`);
  for (let length = state.length; length < bytes; length = Y.encodeStateAsUpdate(doc).length) {
    const before = Y.encodeStateVector(doc);
    const least = Math.min(bytes - length, MAX_UPDATE_BYTES);
    doc.transact(() => {
      for (let at = 0, added = 0; added < least; added += BYTES_OF_A_LETTER) {
        at = (at + STEP) % (text.length + 1);
        text.insert(at, 'x');
      }
    });
    socket.send(encodeEdit(place, Y.encodeStateAsUpdate(doc, before)));
  }
  const wanted = Y.encodeStateAsUpdate(doc).length;
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const newcomer = await connect(place);
    newcomer.socket.terminate();
    if (newcomer.state.length >= wanted) break;
    if (performance.now() > deadline)
      throw new Error(`${place.dialect}: the document has ${newcomer.state.length} bytes, not ${wanted}`);
    await delay(LOOK_EVERY_MS);
  }
  socket.terminate();
  return wanted;
}
