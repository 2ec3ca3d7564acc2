import type { Workspace } from '@lineage/contracts';
import { ChevronDown, Play, Square } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useCommand } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { useWatchRun } from '../../shared/socket/index.ts';
import { Button, ErrorLine, IconButton } from '../../shared/ui/index.ts';
import { useReached } from '../../shared/ui/reached.ts';
import { foldRun } from './fold-run.ts';
import css from './run-controls.module.css';
import { optionsTexts } from './options/texts.ts';
import { choiceKeys, choices, isChoice, requestOf, type Choice } from './run-kinds.ts';
import type { RunStarter } from './use-start-run.ts';

const loadMenu = () => import('./run-menu.tsx').then(({ RunMenu: component }) => ({ default: component }));
const RunMenu = lazy(loadMenu);
const StageStrip = lazy(async () => ({ default: (await import('./run-panes.tsx')).StageStrip }));
const RunOptionsDialog = lazy(async () => {
  const [{ RunOptionsDialog: component }] = await Promise.all([
    import('./options/run-options-dialog.tsx'),
    optionsTexts(),
  ]);
  return { default: component };
});
const OtherIcon = lazy(async () => {
  const { choiceIcons } = await import('./choice-icons.ts');
  const Shown = ({ choice }: { choice: Choice }) => {
    const Icon = choiceIcons[choice];
    return <Icon aria-hidden="true" />;
  };
  return { default: Shown };
});
const LAST_CHOICE_KEY = 'lineage.run.choice';

type Props = {
  workspace: Workspace;
  starter: RunStarter;
  currentRunId: string | null;
};

/** Starts and stops runs: the last choice is one press away, the others are in the menu and the palette. */
export function RunControls({ workspace, starter, currentRunId }: Props) {
  const { t } = useTranslation('runs');
  const [last, setLast] = useState<Choice>(() => {
    const kept = localStorage.getItem(LAST_CHOICE_KEY);
    return isChoice(kept) ? kept : 'run';
  });
  const [choosing, setChoosing] = useState(false);
  const cancelRun = useCommand('cancelRun');
  const { events } = useWatchRun(currentRunId);
  const fold = useMemo(() => foldRun(events), [events]);
  const isLive = currentRunId !== null && events.length > 0 && fold.end === null;
  const start = (choice: Choice): void => {
    localStorage.setItem(LAST_CHOICE_KEY, choice);
    setLast(choice);
    starter.start(requestOf(choice));
  };
  const stop = (): void => {
    if (currentRunId !== null) cancelRun.mutate({ params: { runId: currentRunId }, body: {} });
  };
  useRunCommands({ canRun: workspace.canRun, isLive, start, stop, onOptions: () => setChoosing(true) });
  if (!workspace.canRun) return <span className={css.hint}>{t('cannotRun')}</span>;
  return (
    <div className={css.controls}>
      <span className={css.split}>
        <Button
          look="primary"
          className={css.main}
          icon={<ChoiceIcon choice={last} />}
          busy={starter.isPending}
          onClick={() => start(last)}
        >
          {t(`kind.${last}`)}
        </Button>
        <MoreButton onChoose={start} onOptions={() => setChoosing(true)} />
      </span>
      {isLive && (
        <Button icon={<Square aria-hidden="true" />} busy={cancelRun.isPending} onClick={stop}>
          {t('stop')}
        </Button>
      )}
      {choosing && (
        <Suspense fallback={null}>
          <RunOptionsDialog
            workspaceId={workspace.id}
            storageKey={`lineage.run.options.${workspace.id}`}
            onStart={starter.start}
            onClose={() => setChoosing(false)}
          />
        </Suspense>
      )}
      {fold.stages.length > 0 && (
        <Suspense fallback={null}>
          <StageStrip stages={fold.stages} ended={fold.end !== null} />
        </Suspense>
      )}
      <ErrorLine error={starter.error ?? cancelRun.error} />
    </div>
  );
}

/** Most have chosen nothing else than to run: the other icons are loaded for those who have. */
function ChoiceIcon({ choice }: { choice: Choice }) {
  const fallback = <Play aria-hidden="true" />;
  if (choice === 'run') return fallback;
  return (
    <Suspense fallback={fallback}>
      <OtherIcon choice={choice} />
    </Suspense>
  );
}

type MoreProps = { onChoose: (choice: Choice) => void; onOptions: () => void };

function MoreButton({ onChoose, onOptions }: MoreProps) {
  const { t } = useTranslation('runs');
  const { wanted, handlers, button: ref } = useReached(loadMenu);
  const button = (
    <IconButton ref={ref} name={t('more')} className={css.more} aria-haspopup="menu" {...handlers}>
      <ChevronDown size={14} aria-hidden="true" />
    </IconButton>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <RunMenu onChoose={onChoose} onOptions={onOptions} button={ref}>
        {button}
      </RunMenu>
    </Suspense>
  );
}

type RunCommands = {
  canRun: boolean;
  isLive: boolean;
  start: (choice: Choice) => void;
  stop: () => void;
  onOptions: () => void;
};

function useRunCommands({ canRun, isLive, start, stop, onOptions }: RunCommands): void {
  const { t } = useTranslation('runs');
  const { t: app } = useTranslation('app');
  const group = app('command.group.workspace');
  useCommands([
    ...choices.map((choice) => ({
      id: `run.${choice}`,
      name: t(`hint.${choice}`),
      keys: choiceKeys[choice],
      group,
      enabled: canRun,
      run: () => start(choice),
    })),
    {
      id: 'run.options',
      name: t('withOptions'),
      keys: 'mod+shift+o',
      group,
      enabled: canRun,
      run: onOptions,
    },
    { id: 'run.stop', name: t('stop'), keys: 'mod+.', group, enabled: canRun && isLive, run: stop },
  ]);
}
