import type { Workspace } from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { EditorHandle } from '../../features/editor/index.ts';
import { HistoryView } from '../../features/history/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';
import css from './workspace.module.css';

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
    </div>
  );
}
