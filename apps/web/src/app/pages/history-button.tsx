import { History } from 'lucide-react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { IconButton } from '../../shared/ui/index.ts';

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
