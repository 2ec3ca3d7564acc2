import type { EditorView } from '@codemirror/view';
import { listFiles, MAX_TEXT_BYTES, type PresenceCursor } from '@lineage/collab';
import type { Diagnostic, Me, Workspace } from '@lineage/contracts';
import { lazy, Suspense, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Notice, Skeleton } from '../../shared/ui/index.ts';
import { FileEditor, type Jump } from './file-editor.tsx';
import { FileTabs } from './file-tabs.tsx';
import { activeConnection, enterRoom, useRoomView } from './room/active-room.ts';
import { pauseFollowing } from './room/following.ts';
import type { RoomView } from './room/room-connection.ts';
import { useFiles } from './room/use-files.ts';
import { RoomNotices } from './room-notices.tsx';
import { canWrite as roleWrites } from './state/save-state.ts';
import { mayBeNearlyFull } from './state/nearly-full.ts';
import { fileNamed, shownFile } from './state/shown-file.ts';
import { isLineInSight } from './codemirror/pointing.ts';
import type { WantedFile } from './tree/apply-tree.ts';
import type { Applied } from './tree/applied-notice.tsx';
import { useOthersPoints } from './use-others-points.ts';
import { useFormatting } from './use-formatting.tsx';
import type { LineAids } from './use-line-aids.ts';
import { useFollowedPerson } from './use-following.ts';
import { usePointing } from './use-pointing.ts';
import { usePageReveal, type Reveal } from './use-page-reveal.ts';
import css from './workspace-editor.module.css';

/** What the page may ask of the editor. */
export type EditorHandle = {
  flush(): { connectionId: string | null; lastFrame: number | null };
  focus(): void;
  revealForAll(file: string, line: number): void;
  /** The name of the test that the caret is in, or null. */
  testAtCaret(): Promise<string | null>;
  /**
   * Makes the workspace's files these, in one step that can be undone; `words` say what was done. False where one may
   * only read.
   */
  applyTree(
    files: readonly WantedFile[],
    options: { removeOthers: boolean; words: string },
  ): Promise<boolean>;
  /** Opens what the compiler said of the caret's line; the words, or null when it said nothing. */
  openRemarks(): Promise<string | null>;
};

type Props = {
  workspace: Workspace;
  me: Me;
  /** The file that the exercise is about; null when that is not told. */
  entryFile: string | null;
  reveal: Reveal | null;
  onReveal?: () => void;
  heat?: readonly { readonly file: string; readonly line: number; readonly share: number }[];
  onCursor?: (at: { file: string; line: number }) => void;
  diagnostics?: readonly Diagnostic[];
  aids?: LineAids;
  handle: (handle: EditorHandle) => void;
};

// A person alone in free mode needs none of it.
const ControlStrip = lazy(() =>
  import('./control/index.ts').then(({ ControlStrip: component }) => ({ default: component })),
);

const ArchiveDialog = lazy(() =>
  import('./archive/archive-dialog.tsx').then(({ ArchiveDialog: component }) => ({ default: component })),
);
const UsageNotice = lazy(() =>
  import('./archive/usage-notice.tsx').then(({ UsageNotice: component }) => ({ default: component })),
);
const AppliedNotice = lazy(() =>
  import('./tree/applied-notice.tsx').then(({ AppliedNotice: component }) => ({ default: component })),
);

/** The workspace's code, written by everybody in its room. */
export function WorkspaceEditor(props: Props) {
  const { workspace, me } = props;
  const enter = useEffectEvent(() => enterRoom(workspace, me.account).leave);
  useEffect(() => enter(), [workspace.id]);
  const room = useRoomView();
  if (room === null || activeConnection()?.workspaceId !== workspace.id) return <Skeleton />;
  return <Room {...props} room={room} />;
}

function Room({
  room,
  workspace,
  me,
  entryFile,
  reveal,
  onReveal,
  heat,
  onCursor,
  diagnostics,
  aids,
  handle,
}: Props & { room: RoomView }) {
  const { t } = useTranslation('editor');
  const files = useFiles(room.doc);
  const [chosen, setChosen] = useState<string | null>(null);
  const [jump, setJump] = useState<Jump | null>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const [blame, setBlame] = useState(false);
  const [archive, setArchive] = useState(false);
  const [refusedAt, setRefusedAt] = useState(0);
  const view = useRef<EditorView | null>(null);
  const panelId = useId();
  const followed = useFollowedPerson(room.people, me.account.id);
  const followedFile = followed?.top?.file ?? followed?.cursor?.file ?? null;
  const file = shownFile(files, chosen, entryFile);
  const role = room.session.role ?? workspace.myRoomRole;
  const canWrite = roleWrites(role) && room.stopped === null;

  const formatNotice = useFormatting({
    workspaceId: workspace.id,
    view,
    file,
    enabled: canWrite && workspace.canRun,
  });

  const goTo = (wish: Jump): void => {
    setChosen(wish.fileId);
    setJump(wish);
  };
  const [applied, setApplied] = useState<Applied | null>(null);
  useHandle(handle, view, { canWrite, onApplied: setApplied });
  usePageReveal(reveal, files, (wish) => {
    goTo(wish);
    onReveal?.();
  });
  const isInSight = (fileId: string, line: number): boolean =>
    view.current !== null && file?.id === fileId && isLineInSight(view.current, line);
  const pointed = useOthersPoints(room.people, files, { onJump: goTo, isInSight });
  const pointing = usePointing(file, me.account, room, view);
  useEffect(() => {
    if (followedFile !== null) setChosen(followedFile);
  }, [followedFile]);

  const path = file?.path;
  const notes = useMemo(
    () =>
      path === undefined
        ? []
        : (diagnostics ?? []).filter((note) => fileNamed([{ id: '', path }], note.path) !== null),
    [diagnostics, path],
  );
  const heatHere = useMemo(
    () =>
      path === undefined
        ? []
        : (heat ?? []).filter((line) => fileNamed([{ id: '', path }], line.file) !== null),
    [heat, path],
  );
  const tellCursor = (cursor: PresenceCursor, line: number): void => {
    activeConnection()?.session.presence.tell({ cursor });
    if (path !== undefined) onCursor?.({ file: path, line });
  };
  const hasCode = room.session.synced || files.length > 0;

  return (
    <section className={css.editor} aria-label={t('region')}>
      <FileTabs
        doc={room.doc}
        files={files}
        shown={file}
        canWrite={canWrite && hasCode}
        people={room.people}
        panelId={panelId}
        blame={blame}
        onBlame={setBlame}
        onArchive={() => setArchive(true)}
        onShow={(id) => {
          pauseFollowing();
          setChosen(id);
        }}
      />
      {room.session.control.mode === 'driver' && (
        <Suspense fallback={null}>
          <ControlStrip room={room} refusedAt={refusedAt} />
        </Suspense>
      )}
      {formatNotice}
      {mayBeNearlyFull(files) && (
        <Suspense fallback={null}>
          <UsageNotice files={files} />
        </Suspense>
      )}
      {archive && (
        <Suspense fallback={null}>
          <ArchiveDialog
            doc={room.doc}
            name={workspace.exerciseId}
            canWrite={canWrite}
            onApplied={setApplied}
            onClose={() => setArchive(false)}
          />
        </Suspense>
      )}
      {applied !== null && applied.doc === room.doc && (
        <Suspense fallback={null}>
          <AppliedNotice
            applied={applied}
            canWrite={canWrite}
            onGone={() => setApplied((now) => (now === applied ? null : now))}
          />
        </Suspense>
      )}
      <RoomNotices
        room={room}
        role={role}
        pointed={pointed.latest}
        pathOf={(id) => files.find((entry) => entry.id === id)?.path ?? null}
        onShowPointed={pointed.show}
        onShowPlace={(at, line) => {
          const found = files.find((entry) => entry.path === at);
          if (found !== undefined) goTo({ fileId: found.id, line, hue: null });
        }}
        tooLargeKib={tooLarge ? MAX_TEXT_BYTES / 1024 : null}
        onForgetTooLarge={() => setTooLarge(false)}
        conflict={file !== null && file.path !== file.ownPath ? file.ownPath : null}
      />
      {file !== null && (
        <FileEditor
          file={file}
          canWrite={canWrite}
          people={room.people}
          followed={followed}
          myId={me.account.id}
          onActed={pauseFollowing}
          notes={notes}
          heat={heatHere}
          aids={aids}
          jump={jump}
          blameOf={blame ? workspace.id : null}
          panelId={panelId}
          onCursor={tellCursor}
          onTyped={() => {
            setTooLarge(false);
          }}
          onTooLarge={() => setTooLarge(true)}
          pointers={pointing.pointers}
          onPoint={pointing.pointAt}
          onRefused={() => setRefusedAt((times) => times + 1)}
          onView={(next) => (view.current = next)}
        />
      )}
      {file === null && !hasCode && room.stopped === null && <Skeleton rows={[30, 60, 45, 70, 20]} />}
      {file === null && hasCode && (
        <Notice title={t('files.none')}>{t(canWrite ? 'files.noneText' : 'files.noneReadOnly')}</Notice>
      )}
    </section>
  );
}

function useHandle(
  handle: Props['handle'],
  view: { readonly current: EditorView | null },
  { canWrite, onApplied }: { canWrite: boolean; onApplied: (applied: Applied) => void },
): void {
  const mayWrite = useEffectEvent(() => canWrite);
  const tellApplied = useEffectEvent(onApplied);
  useEffect(() => {
    handle({
      flush: () => {
        const state = activeConnection()?.session.state;
        if (state === undefined || state.connectionId === null)
          return { connectionId: null, lastFrame: null };
        // Edits go out as they are typed; what is left to say is which frame was the last.
        return {
          connectionId: state.connectionId,
          lastFrame: state.lastFrame === 0 ? null : state.lastFrame,
        };
      },
      focus: () => view.current?.focus(),
      testAtCaret: async () => {
        const { testAtCaret } = await import('./codemirror/test-marks.ts');
        return view.current === null ? null : testAtCaret(view.current.state);
      },
      openRemarks: async () => {
        const { openRemarks } = await import('./codemirror/line-remarks.ts');
        return view.current === null ? null : openRemarks(view.current);
      },
      applyTree: async (files, { removeOthers, words }) => {
        const { applyTree } = await import('./tree/apply-tree.ts');
        const doc = activeConnection()?.session.doc;
        if (doc === undefined || !mayWrite()) return false;
        tellApplied({ doc, words, tree: applyTree(doc, files, { removeOthers }) });
        return true;
      },
      revealForAll: (named, line) => {
        const session = activeConnection()?.session;
        const found = session === undefined ? null : fileNamed(listFiles(session.doc), named);
        if (found !== null) session?.presence.tell({ point: { file: found.id, line, nonce: Date.now() } });
      },
    });
  }, [handle, view]);
}
