import type { AccountId, History, Person, WorkspaceId } from '@lineage/contracts';
import { Download, GitBranch, Undo2, X } from 'lucide-react';
import { useState } from 'react';
import { useCommand } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Button, buttonClass, ErrorLine, IconButton } from '../../shared/ui/index.ts';
import type { HistoryProps } from './history-view.tsx';
import css from './history.module.css';
import { type Life, momentAt } from './life.ts';
import type { PastFile } from './moments.ts';

type Props = Pick<HistoryProps, 'workspaceId' | 'onClose' | 'onRestore' | 'onOpenWorkspace'> & {
  history: History;
  life: Life;
  people: ReadonlyMap<AccountId, Person>;
  position: number;
  files: readonly PastFile[];
  when: string;
};

/** What can be done with the text of a moment. */
export function HistoryActions(props: Props) {
  const { workspaceId, history, life, people, position, files, when, onClose, onRestore, onOpenWorkspace } =
    props;
  const { t } = useTranslation('history');
  const { dateTime } = useFormat();
  const branch = useCommand('branchWorkspace');
  const [refused, setRefused] = useState(false);
  const restore = (): void => {
    setRefused(false);
    onRestore(files, t('restored', { when })).then((done) => {
      if (done) onClose();
      else setRefused(true);
    }, reportError);
  };
  const branchOff = (): void =>
    branch.mutate(
      { params: { workspaceId }, body: momentAt(life, position) },
      { onSuccess: ({ id }) => onOpenWorkspace(id) },
    );
  return (
    <div className={css.actions}>
      <Button icon={<Undo2 aria-hidden="true" />} disabled={position === life.end} onClick={restore}>
        {t('restore')}
      </Button>
      {history.canBranch && (
        <Button icon={<GitBranch aria-hidden="true" />} busy={branch.isPending} onClick={branchOff}>
          {t('branch')}
        </Button>
      )}
      {history.branches.length > 0 && (
        <select
          className={css.select}
          aria-label={t('branches')}
          value=""
          onChange={(event) =>
            event.target.value !== '' && onOpenWorkspace(event.target.value as WorkspaceId)
          }
        >
          <option value="">{t('branches')}</option>
          {history.branches.map(({ id, at, by }) => (
            <option key={id} value={id}>
              {t('branchOf', { when: dateTime(at), name: people.get(by)?.name ?? t('somebody') })}
            </option>
          ))}
        </select>
      )}
      <a
        className={buttonClass()}
        href={`/api/workspaces/${encodeURIComponent(workspaceId)}/history.bundle`}
        download
        title={t('exportHint')}
      >
        <Download aria-hidden="true" /> {t('export')}
      </a>
      <IconButton name={t('close')} onClick={onClose}>
        <X size={16} />
      </IconButton>
      {refused && (
        <p className={css.refused} role="alert">
          {t('readOnly')}
        </p>
      )}
      <ErrorLine error={branch.error} />
    </div>
  );
}
