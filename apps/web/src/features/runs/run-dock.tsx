import type { Run, Workspace } from '@lineage/contracts';
import { PlayCircle } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, type KeyboardEvent } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useWatchRun } from '../../shared/socket/index.ts';
import { announce, cx, Notice } from '../../shared/ui/index.ts';
import { FlamePane, type RenderProfile } from './flame-pane.tsx';
import { foldRun, type RunFold } from './fold-run.ts';
import type { Source } from './output-line.tsx';
import { OutputPane } from './output-pane.tsx';
import css from './run-dock.module.css';
import { TestsPane } from './tests-pane.tsx';
import { useVerdict } from './use-verdict.ts';
import { useWorkspaceRuns } from './use-workspace-runs.ts';

const tabs = ['output', 'tests', 'flame'] as const;
type Tab = (typeof tabs)[number];

type Props = {
  workspace: Workspace;
  runId: string | null;
  tab: string | undefined;
  onTab: (tab: string) => void;
  onChooseRun: (runId: string | null) => void;
  source: Source;
  renderProfile: RenderProfile;
};

/** What a run gave: output, tests and profiles, the same for everybody in the room. */
export function RunDock({ workspace, runId, tab, onTab, onChooseRun, source, renderProfile }: Props) {
  const { t } = useTranslation('runs');
  const { runs } = useWorkspaceRuns(workspace.id);
  const { events } = useWatchRun(runId);
  const fold = useMemo(() => foldRun(events), [events]);
  const run = runs.find(({ id }) => id === runId);
  const shown: Tab = tabs.find((name) => name === tab) ?? usualTab(run);
  const panelId = useId();
  useSayVerdict(runId, fold);
  return (
    <div className={css.dock}>
      <div className={css.bar}>
        <Tabs shown={shown} onTab={onTab} panelId={panelId} fold={fold} />
        <span className={css.space} />
        {run !== undefined && <RunPicker runs={runs} shownId={run.id} onChooseRun={onChooseRun} />}
      </div>
      <div role="tabpanel" id={panelId} aria-label={t(`tabs.${shown}`)} className={css.panel}>
        {runId === null ? (
          <Notice icon={<PlayCircle />} title={t('noRun')}>
            <p>{t('noRunHint')}</p>
          </Notice>
        ) : shown === 'output' ? (
          <OutputPane key={runId} runId={runId} fold={fold} canType={workspace.canRun} source={source} />
        ) : shown === 'tests' ? (
          <TestsPane fold={fold} source={source} />
        ) : (
          <FlamePane fold={fold} isProfiled={(run?.signals.length ?? 0) > 0} renderProfile={renderProfile} />
        )}
      </div>
    </div>
  );
}

/** Without a choice of tab, the one that this run is about. */
function usualTab(run: Run | undefined): Tab {
  if (run === undefined) return 'output';
  if (run.signals.length > 0) return 'flame';
  return run.kind === 'check' || run.kind === 'test' ? 'tests' : 'output';
}

type TabsProps = { shown: Tab; onTab: (tab: string) => void; panelId: string; fold: RunFold };

function Tabs({ shown, onTab, panelId, fold }: TabsProps) {
  const { t } = useTranslation('runs');
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = (tabs.indexOf(shown) + step + tabs.length) % tabs.length;
    onTab(tabs[next] ?? 'output');
    list.current?.querySelectorAll('button')[next]?.focus();
  };
  const counts: Record<Tab, number> = {
    output: fold.diagnostics.length,
    tests: fold.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'missing').length,
    flame: 0,
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
          {counts[name] > 0 && <span className={css.count}>{counts[name]}</span>}
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
