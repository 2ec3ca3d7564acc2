import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { FileEntry, PresenceCursor, RoomPerson } from '@lineage/collab';
import type { WorkspaceId } from '@lineage/contracts';
import { lazy, Suspense, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import * as Y from 'yjs';
import { useTranslation } from '../../shared/i18n/index.ts';
import { editorExtensions, type Phrases, writable, writableOf } from './codemirror/extensions.ts';
import { pointAt, showHeat, type LineHeat, type PointedLine } from './codemirror/line-marks.ts';
import type { LineNote } from './codemirror/notes-slot.ts';
import { undoOf } from './codemirror/own-undo.ts';
import type { Others } from './codemirror/others.ts';
import { fromDocument } from './codemirror/text-binding.ts';
import { indexOf } from './codemirror/text-position.ts';
import { activeConnection } from './room/active-room.ts';
import { keepPlace, placeKept } from './state/last-places.ts';
import { useLineAids, type LineAids } from './use-line-aids.ts';
import { useCursorsHidden } from './state/shown-cursors.ts';
import { useToldTop } from './use-following.ts';
import { usePhrases } from './use-phrases.ts';
import { pointIndex, type Pointer } from './use-pointing.ts';
import css from './workspace-editor.module.css';

const BlameGutter = lazy(() =>
  import('./blame/blame-gutter.tsx').then(({ BlameGutter: component }) => ({ default: component })),
);

/** A line to bring into sight; another object is another wish. */
export type Jump = PointedLine & { readonly fileId: string };

type Props = {
  file: FileEntry;
  canWrite: boolean;
  people: ReadonlyMap<number, RoomPerson>;
  /** Whose caret, and whose lines, are kept in sight. */
  followed: RoomPerson | null;
  myId: string;
  notes: readonly LineNote[];
  heat: readonly LineHeat[];
  aids: LineAids | undefined;
  jump: Jump | null;
  /** Whose each line is, of this workspace; null while nobody asks. */
  blameOf: WorkspaceId | null;
  panelId: string;
  onCursor: (cursor: PresenceCursor, line: number) => void;
  onTyped: () => void;
  /** One acted here oneself: scrolled, moved the caret, typed. */
  onActed: () => void;
  onTooLarge: () => void;
  /** Somebody typed where they may only read. */
  onRefused: () => void;
  /** Who points at a line of some file. */
  pointers: readonly Pointer[];
  onPoint: (line: number) => void;
  onView: (view: EditorView | null) => void;
};

/** Where one's caret was, by text, for when the file comes to the front again. */
const lastHeads = new WeakMap<Y.Text, Y.RelativePosition>();

const noPeople: ReadonlyMap<number, RoomPerson> = new Map();

/** One file in CodeMirror, kept equal to the document. */
export function FileEditor(props: Props) {
  const { file, canWrite, people, followed, notes, heat, aids, jump, panelId } = props;
  const { t } = useTranslation('editor');
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  const jumped = useRef<Jump | null>(null);
  const { text, path } = file;
  const isGo = path.endsWith('.go');
  const label = t('label', { path });
  const phrases = usePhrases();
  // The editor outlives many renders: what it calls has to be of the last one.
  const onPoint = useEffectEvent(props.onPoint);
  const onCursor = useEffectEvent(props.onCursor);
  const make = useEffectEvent((parent: HTMLElement) =>
    makeView(parent, { ...props, onPoint, onCursor, isGo, label, phrases }),
  );
  const onView = useEffectEvent(props.onView);

  // Its end comes before the page loses the editor, while the focus is still known.
  useLayoutEffect(() => {
    if (host.current === null) return;
    const made = make(host.current);
    setView(made);
    onView(made);
    return () => {
      keepPlace(placeName(file.id), made.state.selection.main.head, made.hasFocus);
      made.destroy();
      setView(null);
      onView(null);
    };
  }, [text, isGo, file.id]);

  useEffect(() => {
    view?.dispatch({ effects: writable.reconfigure(writableOf(canWrite, label, phrases)) });
  }, [view, canWrite, label, phrases]);
  const others = useOthers(view, people.size > 0 || props.pointers.length > 0);
  useShownCursors(others, file, useCursorsHidden() ? noPeople : people);
  useShownPoints(others, file, props.pointers);
  useFollowedView(view, file, followed);
  useToldTop(view, file, people, props.myId);
  useShownNotes(view, notes);
  useLineAids(view, path, aids);
  useEffect(() => {
    if (view !== null) showHeat(view, heat);
  }, [view, heat]);
  useEffect(() => {
    if (view === null || jump === null || jump.fileId !== file.id || jumped.current === jump) return;
    jumped.current = jump;
    const line = Math.max(1, Math.min(jump.line, view.state.doc.lines));
    const { from } = view.state.doc.line(line);
    // A line that somebody else points at glows by itself, and one's own caret is one's own.
    if (jump.hue !== null)
      return view.dispatch({ effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    pointAt(view, [jump], true);
    view.dispatch({ selection: { anchor: from } });
  }, [view, jump, file.id]);

  return (
    <>
      <div ref={host} id={panelId} role="tabpanel" aria-label={path} className={css.host} />
      {view !== null && props.blameOf !== null && (
        <Suspense fallback={null}>
          <BlameGutter view={view} file={file} workspaceId={props.blameOf} group={t('command.group')} />
        </Suspense>
      )}
    </>
  );
}

/** What somebody does in the text by hand, in CodeMirror's words. */
const actions = ['input', 'delete', 'move', 'select'];

type ViewProps = Props & { isGo: boolean; label: string; phrases: Phrases };

function makeView(parent: HTMLElement, props: ViewProps): EditorView {
  const { onCursor, onTyped, onActed } = props;
  const { text, id } = props.file;
  const tell = (state: EditorState): void => {
    const { anchor, head } = state.selection.main;
    const positions = { anchor: storedAt(text, anchor), head: storedAt(text, head) };
    lastHeads.set(text, positions.head);
    const json = (position: Y.RelativePosition): unknown => Y.relativePositionToJSON(position);
    onCursor(
      { file: id, anchor: json(positions.anchor), head: json(positions.head) },
      state.doc.lineAt(head).number,
    );
  };
  const kept = placeKept(placeName(id));
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text.toString(),
      selection: { anchor: lastHeadIn(text) ?? Math.min(kept?.head ?? 0, text.length) },
      extensions: [
        editorExtensions({ ...props, text, undo: undoOf(text) }),
        EditorView.updateListener.of(({ docChanged, selectionSet, state, transactions }) => {
          if (docChanged || selectionSet) tell(state);
          if (docChanged && transactions.some((tr) => tr.docChanged && tr.annotation(fromDocument) !== true))
            onTyped();
          if (transactions.some((tr) => actions.some((action) => tr.isUserEvent(action)))) onActed();
        }),
        EditorView.domEventHandlers({ wheel: () => onActed(), touchmove: () => onActed() }),
      ],
    }),
  });
  view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main, { y: 'center' }) });
  tell(view.state);
  if (kept?.hadFocus === true && document.activeElement === document.body) view.focus();
  return view;
}

/** Files of templates have the same ids everywhere. */
const placeName = (fileId: string): string => `${activeConnection()?.workspaceId ?? ''} ${fileId}`;

const storedAt = (text: Y.Text, index: number): Y.RelativePosition =>
  // After the character before it: a place at the end of the text would not move with what is typed there.
  Y.createRelativePositionFromTypeIndex(text, index, -1);

function lastHeadIn(text: Y.Text): number | null {
  const stored = lastHeads.get(text);
  if (stored === undefined || text.doc === null) return null;
  const found = Y.createAbsolutePositionFromRelativePosition(stored, text.doc);
  return found === null || found.type !== text ? null : Math.min(found.index, text.length);
}

type Shown = { readonly view: EditorView; readonly others: Others };

/** What shows others, in this editor; null until there is somebody to show. */
function useOthers(view: EditorView | null, wanted: boolean): Shown | null {
  const [shown, setShown] = useState<Shown | null>(null);
  const isThere = shown !== null && shown.view === view;
  useEffect(() => {
    if (view === null || !wanted || isThere) return;
    let isCurrent = true;
    import('./codemirror/others.ts').then(({ installOthers }) => {
      if (isCurrent) setShown({ view, others: installOthers(view) });
    }, reportError);
    return () => {
      isCurrent = false;
    };
  }, [view, wanted, isThere]);
  return isThere ? shown : null;
}

function useShownCursors(
  shown: Shown | null,
  { text, id }: FileEntry,
  people: ReadonlyMap<number, RoomPerson>,
): void {
  const seen = useRef<{ view: EditorView; people: ReadonlyMap<number, RoomPerson> } | null>(null);
  useEffect(() => {
    if (shown === null) return;
    const { view, others } = shown;
    const before = seen.current?.view === view ? seen.current.people : new Map<number, RoomPerson>();
    seen.current = { view, people: others.showCursors(view, text, id, people, before) };
  }, [shown, text, id, people]);
}

function useShownPoints(shown: Shown | null, { text, id }: FileEntry, pointers: readonly Pointer[]): void {
  useEffect(() => {
    if (shown === null) return;
    const here = pointers.filter(({ point }) => point.file === id);
    shown.others.showPoints(
      shown.view,
      here.flatMap(({ name, hue, point }) => {
        const index = pointIndex(point, text);
        return index === null ? [] : [{ index, hue, name, nonce: point.nonce }];
      }),
    );
  }, [shown, text, id, pointers]);
}

function useShownNotes(view: EditorView | null, notes: readonly LineNote[]): void {
  const wanted = notes.length > 0;
  const [show, setShow] = useState<{ notes: typeof import('./codemirror/line-notes.ts').showNotes } | null>(
    null,
  );
  useEffect(() => {
    if (!wanted || show !== null) return;
    import('./codemirror/line-notes.ts').then(({ showNotes }) => setShow({ notes: showNotes }), reportError);
  }, [wanted, show]);
  useEffect(() => {
    if (view !== null) show?.notes(view, notes);
  }, [view, show, notes]);
}

function useFollowedView(
  view: EditorView | null,
  { text, id }: FileEntry,
  followed: RoomPerson | null,
): void {
  const { cursor, top } = followed ?? { cursor: null, top: null };
  const show = useEffectEvent((position: unknown, y: 'nearest' | 'start') => {
    if (view === null || text.doc === null) return;
    const index = indexOf(position, text, text.doc);
    if (index === null) return;
    const at = Math.min(index, view.state.doc.length);
    const yMargin = y === 'start' ? 0 : 60;
    view.dispatch({ effects: EditorView.scrollIntoView(at, { y, yMargin }) });
  });
  useEffect(() => {
    if (top?.file === id) show(top.at, 'start');
  }, [view, id, top]);
  // After the lines: on a smaller screen the caret may be below them.
  useEffect(() => {
    if (cursor?.file === id) show(cursor.head, 'nearest');
  }, [view, id, cursor]);
}
