import { executesNothing, type Workspace } from '@lineage/contracts';
import { PlayCircle } from 'lucide-react';
import { lazy, Suspense, useEffect, useId, useMemo, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useWatchRun } from '../../shared/socket/index.ts';
import { cx, Notice, Skeleton } from '../../shared/ui/index.ts';
import { countOf, isProfiled, tabsOf, usualTab, type Tab } from './dock-tabs.ts';
import { findingsTexts } from './findings/texts.ts';
import type { ProfileDrawing } from './flame-pane.tsx';
import { foldRun, type RunFold } from './fold-run.ts';
import type { Source } from './output-line.tsx';
import css from './run-dock.module.css';
import { useWorkspaceRuns } from './use-workspace-runs.ts';

// A page on which nothing has run needs none of it.
const loadPanes = () => import('./run-panes.tsx');
const RunPanes = lazy(async () => ({ default: (await loadPanes()).RunPanes }));
const RunPicker = lazy(async () => ({ default: (await loadPanes()).RunPicker }));
const SayVerdict = lazy(async () => ({ default: (await loadPanes()).SayVerdict }));
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
  drawing: ProfileDrawing;
  /** Runs one test by its full name; null where one may not run. */
  onRunTest: ((fullName: string) => void) | null;
};

/** What a run gave: output, tests and profiles, the same for everybody in the room. */
export function RunDock(props: Props) {
  const { workspace, runId, tab, onTab, onChooseRun, source, drawing } = props;
  const { t } = useTranslation('runs');
  const { runs } = useWorkspaceRuns(workspace.id);
  const { events } = useWatchRun(runId);
  const fold = useMemo(() => foldRun(events), [events]);
  const run = runs.find(({ id }) => id === runId);
  const tabs = tabsOf(run, fold);
  const shown: Tab = tabs.find((name) => name === tab) ?? usualTab(run, fold);
  const panelId = useId();
  return (
    <div className={css.dock}>
      <div className={css.bar}>
        <Tabs {...{ tabs, shown, onTab, panelId, fold }} />
        <span className={css.space} />
        {run !== undefined && (
          <Suspense fallback={null}>
            {fold.given?.goExperiment !== undefined && (
              <code className={css.variant}>GOEXPERIMENT={fold.given.goExperiment}</code>
            )}
            {fold.given?.goVersion !== undefined && (
              <code className={css.variant}>{fold.given.goVersion}</code>
            )}
            <RunPicker runs={runs} shownId={run.id} onChooseRun={onChooseRun} />
            <SayVerdict runId={run.id} fold={fold} />
          </Suspense>
        )}
      </div>
      <div role="tabpanel" id={panelId} aria-label={t(`tabs.${shown}`)} className={css.panel}>
        {runId === null ? (
          <Notice icon={<PlayCircle />} title={t('noRun')}>
            <p>{t('noRunHint')}</p>
          </Notice>
        ) : (
          <Suspense fallback={<Skeleton />}>
            {shown === 'output' || shown === 'tests' || shown === 'flame' ? (
              <RunPanes
                tab={shown}
                runId={runId}
                fold={fold}
                source={source}
                canType={workspace.canRun && !(run !== undefined && executesNothing(run.kind))}
                isProfiled={run !== undefined && isProfiled(run)}
                drawing={drawing}
                onTab={onTab}
                // The checks of an exercise are hidden: they run all together or not at all.
                onRunTest={run?.kind === 'check' ? null : props.onRunTest}
              />
            ) : (
              <FindingsPane
                runId={runId}
                tab={shown}
                fold={fold}
                source={source}
                remarks={props.remarks}
                onRemarks={props.onRemarks}
              />
            )}
          </Suspense>
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
  // On a phone there is room for three.
  useEffect(() => {
    list.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown, tabs.length]);
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
