import type { Workspace } from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { routeKey, useCommand } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Button, ErrorLine, IconButton } from '../../shared/ui/index.ts';
import { LazyDialog } from '../../shared/ui/lazy-dialog.tsx';
import css from './workspace.module.css';

/** Back to the template, for the whole group; asked first, because there is no way back from here. */
export function ResetWorkspace({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const reset = useCommand('resetWorkspace');
  const params = { workspaceId: workspace.id };
  useCommands([
    {
      id: 'workspace.reset',
      name: t('workspace.reset'),
      group: t('command.group.workspace'),
      enabled: workspace.canReset,
      run: () => setAsking(true),
    },
  ]);
  if (!workspace.canReset) return null;
  const onReset = (): void =>
    reset.mutate(
      { params, body: {} },
      {
        onSuccess: (fresh) => {
          queryClient.setQueryData(routeKey('getWorkspace', { params }), fresh);
          setAsking(false);
        },
      },
    );
  return (
    <>
      <IconButton name={t('workspace.reset')} onClick={() => setAsking(true)}>
        <RotateCcw size={16} />
      </IconButton>
      <LazyDialog
        title={t('workspace.resetTitle', { title: pick(workspace.title) })}
        opened={asking}
        onClose={() => setAsking(false)}
        size={460}
      >
        <p>{t('workspace.resetText')}</p>
        <ErrorLine error={reset.error} />
        <div className={css.confirm}>
          <Button onClick={() => setAsking(false)}>{t('action.cancel')}</Button>
          <Button look="danger" busy={reset.isPending} onClick={onReset}>
            {t('workspace.reset')}
          </Button>
        </div>
      </LazyDialog>
    </>
  );
}
