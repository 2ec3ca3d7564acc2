import type { Workspace } from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import type { EditorHandle } from '../../features/editor/index.ts';
import { historyTexts } from '../../features/history/texts.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';
import { IconButton, Skeleton } from '../../shared/ui/index.ts';
import css from './workspace.module.css';

const HistoryView = lazy(async () => {
  const [{ HistoryView: component }] = await Promise.all([
    import('../../features/history/index.ts'),
    historyTexts(),
  ]);
  return { default: component };
});

/** The button that opens the history. */
export function HistoryButton({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation('app');
  useCommands([
    {
      id: 'workspace.history',
      name: t('workspace.history'),
      keys: 'g h',
      group: t('command.group.workspace'),
      run: onOpen,
    },
  ]);
  return (
    <IconButton name={t('workspace.history')} onClick={onOpen}>
      <History size={16} />
    </IconButton>
  );
}

type Props = {
  workspace: Workspace;
  editor: EditorHandle | null;
  moment: string;
  onMoment: (moment: string | undefined) => void;
};

/** The history over the editor, which stays in its room meanwhile. */
export function WorkspaceHistory({ workspace, editor, moment, onMoment }: Props) {
  const layer = useRef<HTMLDivElement>(null);
  const queryClient = useQueryClient();
  useEffect(() => {
    const before = document.activeElement;
    layer.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
      // What was typed since is asked for when it is opened again.
      queryClient.removeQueries({ queryKey: ['getHistory'] });
    };
  }, [queryClient]);
  return (
    <div ref={layer} className={css.history} tabIndex={-1}>
      <Suspense fallback={<Skeleton rows={[100, 40, 90, 85, 60]} />}>
        <HistoryView
          workspaceId={workspace.id}
          moment={moment}
          onMoment={onMoment}
          onClose={() => onMoment(undefined)}
          onRestore={(files, words) =>
            editor === null ? Promise.resolve(false) : editor.applyTree(files, { removeOthers: true, words })
          }
          onOpenWorkspace={(id) => navigate(places.workspace(id))}
        />
      </Suspense>
    </div>
  );
}
