import { ListChecks } from 'lucide-react';
import { useCommand } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Button, ErrorLine } from '../../shared/ui/index.ts';
import css from './lead-controls.module.css';

/** Has the checks run for every group, behind what people wait for; the cards show what came of it. */
export function RunForAll({ classSessionId }: { classSessionId: string }) {
  const { t } = useTranslation('app');
  const { list } = useFormat();
  const { mutate, data, error, isPending } = useCommand('runForAll');
  const run = (): void => mutate({ params: { classSessionId }, body: { kind: 'check' } });
  useCommands([
    { id: 'class.checkAll', name: t('class.lead.checkAll'), group: t('command.group.class'), run },
  ]);
  return (
    <>
      <div className={css.row}>
        <Button look="quiet" icon={<ListChecks aria-hidden="true" />} busy={isPending} onClick={run}>
          {t('class.lead.checkAll')}
        </Button>
      </div>
      {data !== undefined && (
        <p role="status">
          {t('class.lead.checking', { count: data.started })}
          {data.skipped.length > 0 &&
            ` ${t('class.lead.notChecking', { names: list(data.skipped.map(({ name }) => name)) })}`}
        </p>
      )}
      <ErrorLine error={error} />
    </>
  );
}
