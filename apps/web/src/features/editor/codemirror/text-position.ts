import * as Y from 'yjs';

/** Null for a position that is not of this text, or not known here yet: it came from another person's client. */
export function indexOf(position: unknown, text: Y.Text, doc: Y.Doc): number | null {
  try {
    const found = Y.createAbsolutePositionFromRelativePosition(
      Y.createRelativePositionFromJSON(position),
      doc,
    );
    return found !== null && found.type === text ? found.index : null;
  } catch {
    return null;
  }
}
