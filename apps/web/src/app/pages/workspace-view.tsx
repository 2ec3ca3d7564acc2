import { runIdSchema, type Me, type Workspace } from '@lineage/contracts';
import { lazy, Suspense, useEffectEvent, useMemo, useState } from 'react';
import { z } from 'zod';
import { currentItem, RunStateIcon, type LiveClass } from '../../features/class/index.ts';
import {
  isAmong,
  RoomPeople,
  SaveStateBadge,
  useRoomPaths,
  WorkspaceEditor,
  type EditorHandle,
} from '../../features/editor/index.ts';
import { historyTexts } from '../../features/history/texts.ts';
import { profileTexts } from '../../features/profile/texts.ts';
import {
  RunControls,
  RunDock,
  tellCaretLine,
  testRequest,
  useStartRun,
  useWorkspaceRuns,
} from '../../features/runs/index.ts';
import { useRoute } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { useWatchDiagnostics, useWatchRun } from '../../shared/socket/index.ts';
import { changeSearch, places, useSearch } from '../../shared/navigation/index.ts';
import { Skeleton, usePageFrame } from '../../shared/ui/index.ts';
import { useRememberPlace } from '../../shared/ui/last-place.ts';
import { ResetWorkspace } from './reset-workspace.tsx';
import { HistoryButton } from './history-button.tsx';
import { markedDiagnostics } from './run-diagnostics.ts';
import { useCohortTitle } from './use-cohort-title.ts';
import { useLiveClass } from './use-live-class.ts';
import { useHeat } from './use-heat.ts';
import { useEditorAids } from './use-editor-aids.ts';
import { useReveal } from './use-reveal.ts';
import { WorkspaceLesson } from './workspace-lesson.tsx';
import { WorkspacePanes } from './workspace-panes.tsx';
import css from './workspace.module.css';

type Props = { me: Me; workspace: Workspace };

const loadProfile = async () => {
  const [loaded] = await Promise.all([import('../../features/profile/index.ts'), profileTexts()]);
  return loaded;
};
const ProfileView = lazy(async () => ({ default: (await loadProfile()).ProfileView }));
const LiveProfile = lazy(async () => ({ default: (await loadProfile()).LiveProfile }));

const WorkspaceHistory = lazy(async () => {
  const [{ WorkspaceHistory: component }] = await Promise.all([
    import('./workspace-history.tsx'),
    historyTexts(),
  ]);
  return { default: component };
});

/** The workspace page: lesson, editor with its tools, and what runs gave. */
export function WorkspaceView({ me, workspace }: Props) {
  const { pick } = useFormat();
  const [editor, setEditor] = useState<EditorHandle | null>(null);
  const { runs } = useWorkspaceRuns(workspace.id);
  const live = useLiveClass(me, workspace.cohortId);
  const { search, set } = useWorkspaceSearch();
  const runId = search.run ?? runs[0]?.id ?? null;
  const { events } = useWatchRun(runId);
  const checked = useWatchDiagnostics(workspace.id);
  const run = runs.find(({ id }) => id === runId);
  const diagnostics = useMemo(() => markedDiagnostics(checked, run, events), [checked, run, events]);
  const heat = useHeat(runId, events);
  const lesson = useRoute('getLesson', { params: { lessonId: workspace.lessonId } });
  const isLessonKnown = lesson.data !== undefined || lesson.error !== null;
  const roomPaths = useRoomPaths();
  const { reveal, show } = useReveal(search.file, search.line);
  const starter = useStartRun({
    workspace,
    editor,
    // Everybody looks at the latest run unless they chose another one.
    onStarted: () => set({ run: undefined, tab: undefined }),
  });
  const onRunTest = workspace.canRun ? (name: string) => starter.start(testRequest(name)) : null;
  const aids = useEditorAids({ editor, events, remarks: search.remarks, onRunTest });
  useRememberPlace(me.account.id, { workspaceId: workspace.id, workspaceTitle: pick(workspace.title) });
  useWorkspaceFrame(me, workspace, live);
  useFocusCommand(editor, () => set({ view: 'code' }));

  const onOpenSource = (file: string, line: number): void => {
    show(file, line);
    editor?.revealForAll(file, line);
    set({ file, line, view: 'code' });
  };
  const openSource = useEffectEvent(onOpenSource);
  const addSource = useEffectEvent(
    (path: string, content: string, words: string) =>
      editor?.applyTree([{ path, content }], { removeOthers: false, words }) ?? Promise.resolve(false),
  );
  const source = useMemo(
    () => ({ open: openSource, add: addSource, has: (file: string) => isAmong(roomPaths, file) }),
    [roomPaths],
  );
  const code = (
    <div className={css.code}>
      <div className={css.tools}>
        <RunControls workspace={workspace} starter={starter} currentRunId={runId} />
        <span className={css.space} />
        <RoomPeople />
        <HistoryButton onOpen={() => set({ moment: 'now', view: 'code' })} />
        <ResetWorkspace workspace={workspace} />
      </div>
      <div className={css.stage}>
        <div className={css.editor} inert={search.moment !== undefined}>
          {!isLessonKnown && <Skeleton rows={[30, 60, 45, 70, 20]} />}
          {isLessonKnown && (
            <WorkspaceEditor
              workspace={workspace}
              me={me}
              entryFile={lesson.data?.exercise.entryFile ?? null}
              heat={heat}
              reveal={reveal}
              diagnostics={diagnostics}
              aids={aids}
              onCursor={tellCaretLine}
              handle={setEditor}
            />
          )}
        </div>
        {search.moment !== undefined && (
          <Suspense fallback={null}>
            <WorkspaceHistory
              workspace={workspace}
              editor={editor}
              moment={search.moment}
              onMoment={(moment) => set({ moment })}
            />
          </Suspense>
        )}
      </div>
    </div>
  );
  const dock = (
    <RunDock
      workspace={workspace}
      runId={runId}
      tab={search.tab}
      onTab={(tab) => set({ tab })}
      onChooseRun={(run) => set({ run: run ?? undefined })}
      remarks={search.remarks}
      onRemarks={(remarks) => set({ remarks })}
      source={source}
      onRunTest={onRunTest}
      drawing={{
        profile: (artifact, choices) => (
          <Suspense fallback={<Skeleton rows={[100, 80, 60]} />}>
            <ProfileView artifact={artifact} choices={choices} onOpenSource={onOpenSource} />
          </Suspense>
        ),
        windows: (shown, choices) => (
          <Suspense fallback={<Skeleton rows={[100, 80, 60]} />}>
            <LiveProfile {...shown} choices={choices} onOpenSource={onOpenSource} />
          </Suspense>
        ),
      }}
    />
  );
  return (
    <>
      <h1 className="ln-hidden">{pick(workspace.title)}</h1>
      <WorkspacePanes
        storageKey={`lineage.panes.${me.account.id}`}
        view={search.view ?? 'code'}
        onView={(view) => set({ view })}
        lesson={<WorkspaceLesson workspace={workspace} live={live} />}
        code={code}
        dock={dock}
        dockState={run !== undefined && <RunStateIcon state={run.state} />}
      />
    </>
  );
}

const optionalText = z.string().max(400).optional().catch(undefined);
const workspaceSearch = z.object({
  tab: optionalText,
  remarks: optionalText,
  // Anybody's text: what is no run would break off whoever watches it.
  run: runIdSchema.optional().catch(undefined),
  file: optionalText,
  line: z.coerce.number().int().positive().optional().catch(undefined),
  moment: optionalText,
  view: z.enum(['lesson', 'code', 'dock']).optional().catch(undefined),
});

/** The page's state that has an address: tab, run, file, line, and the pane in front on a phone. */
function useWorkspaceSearch() {
  const search = useSearch(workspaceSearch);
  const set = (change: Partial<typeof search>): void => changeSearch(change, { replace: true });
  return { search, set };
}

function useFocusCommand(editor: EditorHandle | null, onFocus: () => void): void {
  const { t } = useTranslation('app');
  useCommands([
    {
      id: 'workspace.focus',
      name: t('workspace.focusCode'),
      keys: 'e',
      group: t('command.group.workspace'),
      enabled: editor !== null,
      run: () => {
        onFocus();
        editor?.focus();
      },
    },
  ]);
}

function useWorkspaceFrame(me: Me, workspace: Workspace, live: LiveClass): void {
  const { pick } = useFormat();
  const cohortTitle = useCohortTitle(me, workspace.cohortId);
  const session = live.session;
  const now = session === undefined ? undefined : currentItem(live.agenda, session.state);
  const stepTitle = now === undefined ? null : pick(now.step.title);
  const stepNumber = now === undefined ? 0 : now.index + 1;
  const title = `${pick(workspace.title)} · ${workspace.groupName}`;
  const crumb =
    session === undefined
      ? { label: cohortTitle ?? '', href: places.cohort(workspace.cohortId) }
      : { label: session.summary.title, href: places.classSession(session.summary.id) };
  const { label, href } = crumb;
  const liveSince = session?.state.state === 'live' ? session.state.startedAt : null;
  usePageFrame(
    useMemo(
      () => ({
        title,
        crumbs: label === '' ? [] : [{ label, href }],
        liveSince,
        step: stepTitle === null ? null : { number: stepNumber, total: live.agenda.length, title: stepTitle },
        status: <SaveStateBadge />,
        wide: true,
      }),
      [title, label, href, liveSince, stepTitle, stepNumber, live.agenda.length],
    ),
  );
}
