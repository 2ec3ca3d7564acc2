import type { EditorView } from '@codemirror/view';
import type { FileEntry, PresencePoint } from '@lineage/collab';
import type { Person } from '@lineage/contracts';
import { useMemo } from 'react';
import * as Y from 'yjs';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { announce } from '../../shared/ui/index.ts';
import { caretLine } from './codemirror/pointing.ts';
import { indexOf } from './codemirror/text-position.ts';
import { activeConnection, inRoomColour } from './room/active-room.ts';
import type { RoomView } from './room/room-connection.ts';

/** Somebody who points, oneself included; the same object for as long as they point at the same line. */
export type Pointer = { readonly name: string; readonly hue: number; readonly point: PresencePoint };

/**
 * Pointing at lines: one line a person, until they press it again or point elsewhere. It is presence and no edit, so
 * whoever may read may point.
 */
export function usePointing(
  file: FileEntry | null,
  me: Person,
  room: RoomView,
  view: { readonly current: EditorView | null },
): { pointers: readonly Pointer[]; pointAt: (line: number) => void } {
  const { t } = useTranslation('editor');
  const own = room.point;
  const tell = (point: PresencePoint | null): void => activeConnection()?.session.presence.tell({ point });
  const pointAt = (line: number): void => {
    if (file === null) return;
    const isSame = own !== null && own.file === file.id && lineOf(own, file.text) === line;
    if (isSame) tell(null);
    else tell({ file: file.id, line, nonce: Date.now(), at: lineStart(file.text, line) });
    announce(t(isSame ? 'pointing.ended' : 'pointing.told', { path: file.path, line }));
  };
  useCommands([
    {
      id: 'room.point',
      name: t('pointing.command'),
      keys: 'mod+;',
      group: t('command.group'),
      enabled: file !== null,
      run: () => {
        if (view.current !== null) pointAt(caretLine(view.current));
      },
    },
    {
      id: 'room.pointNoMore',
      name: t('pointing.stop'),
      group: t('command.group'),
      enabled: own !== null,
      run: () => tell(null),
    },
  ]);
  const { people } = room;
  const { name, colour } = inRoomColour(me);
  const pointers = useMemo(() => {
    const others = [...people.values()].flatMap(({ user, point }) =>
      point === null ? [] : [{ name: user.name, hue: user.colour, point }],
    );
    return own === null ? others : [{ name, hue: colour, point: own }, ...others];
  }, [people, own, name, colour]);
  return { pointers, pointAt };
}

function lineStart(text: Y.Text, line: number): unknown {
  let index = 0;
  const content = text.toString();
  for (let n = 1; n < line; n++) {
    const end = content.indexOf('\n', index);
    if (end < 0) break;
    index = end + 1;
  }
  return Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, index));
}

/** Where the line that is pointed at begins now; null when it is in another file, or gone with its text. */
export function pointIndex({ at, line }: PresencePoint, text: Y.Text): number | null {
  if (text.doc === null) return null;
  return indexOf(at === undefined ? lineStart(text, line) : at, text, text.doc);
}

function lineOf(point: PresencePoint, text: Y.Text): number | null {
  const index = pointIndex(point, text);
  return index === null ? null : text.toString().slice(0, index).split('\n').length;
}
