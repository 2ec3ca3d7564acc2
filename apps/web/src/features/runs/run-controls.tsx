import type { Workspace } from '@lineage/contracts';
import { Menu } from '@mantine/core';
import '@mantine/core/styles/Popover.layer.css';
import '@mantine/core/styles/Menu.layer.css';
import { Activity, ChevronDown, CircleCheck, FlaskConical, Gauge, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../../shared/api/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { useWatchRun } from '../../shared/socket/index.ts';
import { Button, ErrorLine, IconButton, Keys } from '../../shared/ui/index.ts';
import { foldRun } from './fold-run.ts';
import css from './run-controls.module.css';
import { choiceKeys, choices, isChoice, requestOf, type Choice } from './run-kinds.ts';
import { StageStrip } from './stage-strip.tsx';

const icons = { run: Play, check: CircleCheck, profile: Activity, test: FlaskConical, bench: Gauge };
const LAST_CHOICE_KEY = 'lineage.run.choice';

type Props = {
  workspace: Workspace;
  editor: { flush(): { connectionId: string | null; lastFrame: number | null } } | null;
  currentRunId: string | null;
  onRunStarted: (runId: string) => void;
};

/** Starts and stops runs: the last choice is one press away, the others are in the menu and the palette. */
export function RunControls({ workspace, editor, currentRunId, onRunStarted }: Props) {
  const { t } = useTranslation('runs');
  const [last, setLast] = useState<Choice>(() => {
    const kept = localStorage.getItem(LAST_CHOICE_KEY);
    return isChoice(kept) ? kept : 'run';
  });
  const startRun = useCommand('startRun');
  const cancelRun = useCommand('cancelRun');
  const { events } = useWatchRun(currentRunId);
  const fold = foldRun(events);
  const isLive = currentRunId !== null && events.length > 0 && fold.end === null;
  const start = (choice: Choice): void => {
    if (startRun.isPending || !workspace.canRun) return;
    localStorage.setItem(LAST_CHOICE_KEY, choice);
    setLast(choice);
    const { connectionId, lastFrame } = editor?.flush() ?? { connectionId: null, lastFrame: null };
    startRun.mutate(
      { params: { workspaceId: workspace.id }, body: { ...requestOf(choice), connectionId, lastFrame } },
      { onSuccess: ({ id }) => onRunStarted(id) },
    );
  };
  const stop = (): void => {
    if (currentRunId !== null) cancelRun.mutate({ params: { runId: currentRunId }, body: {} });
  };
  useRunCommands({ canRun: workspace.canRun, isLive, start, stop });
  if (!workspace.canRun) return <span className={css.hint}>{t('cannotRun')}</span>;
  const Icon = icons[last];
  return (
    <div className={css.controls}>
      <span className={css.split}>
        <Button
          look="primary"
          className={css.main}
          icon={<Icon aria-hidden="true" />}
          busy={startRun.isPending}
          onClick={() => start(last)}
        >
          {t(`kind.${last}`)}
        </Button>
        <Menu position="bottom-start" withinPortal>
          <Menu.Target>
            <IconButton name={t('more')} className={css.more}>
              <ChevronDown size={14} aria-hidden="true" />
            </IconButton>
          </Menu.Target>
          <Menu.Dropdown>
            {choices.map((choice) => {
              const ChoiceIcon = icons[choice];
              return (
                <Menu.Item
                  key={choice}
                  leftSection={<ChoiceIcon size={14} aria-hidden="true" />}
                  rightSection={choiceKeys[choice] === undefined ? null : <Keys keys={choiceKeys[choice]} />}
                  onClick={() => start(choice)}
                >
                  {t(`kind.${choice}`)}
                  <span className={css.itemHint}>{t(`hint.${choice}`)}</span>
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
      </span>
      {isLive && (
        <Button icon={<Square aria-hidden="true" />} busy={cancelRun.isPending} onClick={stop}>
          {t('stop')}
        </Button>
      )}
      <StageStrip stages={fold.stages} ended={fold.end !== null} />
      <ErrorLine error={startRun.error ?? cancelRun.error} />
    </div>
  );
}

type RunCommands = { canRun: boolean; isLive: boolean; start: (choice: Choice) => void; stop: () => void };

function useRunCommands({ canRun, isLive, start, stop }: RunCommands): void {
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
    { id: 'run.stop', name: t('stop'), keys: 'mod+.', group, enabled: canRun && isLive, run: stop },
  ]);
}
