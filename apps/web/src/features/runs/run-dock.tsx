import { executesNothing, type Run, type Workspace } from '@lineage/contracts';
import { PlayCircle } from 'lucide-react';
import { lazy, Suspense, useEffect, useId, useMemo, useRef, type KeyboardEvent } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useWatchRun } from '../../shared/socket/index.ts';
import { announce, cx, Notice, Skeleton } from '../../shared/ui/index.ts';
import { countOf, tabsOf, usualTab, type Tab } from './dock-tabs.ts';
import { findingsTexts } from './findings/texts.ts';
import { FlamePane, type RenderProfile } from './flame-pane.tsx';
import { foldRun, type RunFold } from './fold-run.ts';
import type { Source } from './output-line.tsx';
import { OutputPane } from './output-pane.tsx';
import css from './run-dock.module.css';
import { TestsPane } from './tests-pane.tsx';
import { useVerdict } from './use-verdict.ts';
import { useWorkspaceRuns } from './use-workspace-runs.ts';

// What few runs give is loaded with the first of them.
const FindingsPane = lazy(async () => {
  const [{ FindingsPane: component }] = await Promise.all([
    import('./findings/findings-pane.tsx'),
    findingsTexts(),
  ]);
  return { default: component };
});

type Props = {
  workspace: Workspace;
  runId: string | null;
  tab: string | undefined;
  onTab: (tab: string) => void;
  onChooseRun: (runId: string | null) => void;
  /** Which of the compiler's remarks are shown; undefined for the usual ones. */
  remarks: string | undefined;
  onRemarks: (filter: string) => void;
  source: Source;
  renderProfile: RenderProfile;
  /** Runs one test by its full name; null where one may not run. */
  onRunTest: ((fullName: string) => void) | null;
};

/** What a run gave: output, tests and profiles, the same for everybody in the room. */
export function RunDock(props: Props) {
  const { workspace, runId, tab, onTab, onChooseRun, source, renderProfile } = props;
  const { t } = useTranslation('runs');
  const { runs } = useWorkspaceRuns(workspace.id);
  const { events } = useWatchRun(runId);
  const fold = useMemo(() => foldRun(events), [events]);
  const run = runs.find(({ id }) => id === runId);
  const tabs = tabsOf(run, fold);
  const shown: Tab = tabs.find((name) => name === tab) ?? usualTab(run, fold);
  const panelId = useId();
  useSayVerdict(runId, fold);
  return (
    <div className={css.dock}>
      <div className={css.bar}>
        <Tabs {...{ tabs, shown, onTab, panelId, fold }} />
        <span className={css.space} />
        {run !== undefined && <RunPicker runs={runs} shownId={run.id} onChooseRun={onChooseRun} />}
      </div>
      <div role="tabpanel" id={panelId} aria-label={t(`tabs.${shown}`)} className={css.panel}>
        {runId === null ? (
          <Notice icon={<PlayCircle />} title={t('noRun')}>
            <p>{t('noRunHint')}</p>
          </Notice>
        ) : shown === 'output' ? (
          <OutputPane
            key={runId}
            runId={runId}
            fold={fold}
            canType={workspace.canRun && !(run !== undefined && executesNothing(run.kind))}
            source={source}
            onTab={onTab}
          />
        ) : shown === 'tests' ? (
          <TestsPane
            fold={fold}
            source={source}
            // The checks of an exercise are hidden: they run all together or not at all.
            onRunTest={run?.kind === 'check' ? null : props.onRunTest}
          />
        ) : shown !== 'flame' ? (
          <Suspense fallback={<Skeleton />}>
            <FindingsPane
              tab={shown}
              fold={fold}
              source={source}
              remarks={props.remarks}
              onRemarks={props.onRemarks}
            />
          </Suspense>
        ) : (
          <FlamePane fold={fold} isProfiled={(run?.signals.length ?? 0) > 0} renderProfile={renderProfile} />
        )}
      </div>
    </div>
  );
}

type TabsProps = {
  tabs: readonly Tab[];
  shown: Tab;
  onTab: (tab: string) => void;
  panelId: string;
  fold: RunFold;
};

function Tabs({ tabs, shown, onTab, panelId, fold }: TabsProps) {
  const { t } = useTranslation('runs');
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = (tabs.indexOf(shown) + step + tabs.length) % tabs.length;
    onTab(tabs[next] ?? 'output');
    list.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={t('results')} className={css.tabs} onKeyDown={onKeyDown}>
      {tabs.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === shown}
          aria-controls={panelId}
          tabIndex={name === shown ? 0 : -1}
          className={cx(css.tab, name === shown && css.chosen)}
          onClick={() => onTab(name)}
        >
          {t(`tabs.${name}`)}
          {countOf(name, fold) > 0 && <span className={css.count}>{countOf(name, fold)}</span>}
        </button>
      ))}
    </div>
  );
}

type RunPickerProps = { runs: readonly Run[]; shownId: string; onChooseRun: (runId: string | null) => void };

/** Which run is shown. The latest is followed; an older one stays until another is chosen. */
function RunPicker({ runs, shownId, onChooseRun }: RunPickerProps) {
  const { t } = useTranslation('runs');
  const { time } = useFormat();
  const nameOf = ({ signals, kind, createdAt, startedBy, state }: Run): string => {
    const words = signals.length > 0 ? t('kind.profile') : t(`kind.${kind}`);
    return t('runAt', {
      kind: words,
      time: time(createdAt),
      name: startedBy.name,
      state: t(`state.${state}`),
    });
  };
  return (
    <select
      className={css.picker}
      aria-label={t('chooseRun')}
      value={shownId}
      onChange={({ currentTarget: { value } }) => onChooseRun(value === runs[0]?.id ? null : value)}
    >
      {runs.map((run) => (
        <option key={run.id} value={run.id}>
          {nameOf(run)}
        </option>
      ))}
    </select>
  );
}

/** The verdict is spoken once, and only for a run whose end one was there to see. */
function useSayVerdict(runId: string | null, fold: RunFold): void {
  const verdict = useVerdict(fold)?.sentence ?? null;
  const seenOpen = useRef<string | null>(null);
  useEffect(() => {
    if (runId === null) return;
    if (verdict === null) seenOpen.current = runId;
    else if (seenOpen.current === runId) {
      seenOpen.current = null;
      announce(verdict);
    }
  }, [runId, verdict]);
}
