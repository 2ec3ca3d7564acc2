import { useQuery } from '@tanstack/react-query';
import { ListChecks, Square } from 'lucide-react';
import { routeQuery, useCommand } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Button, ErrorLine } from '../../shared/ui/index.ts';
import css from './lead-controls.module.css';

const WHILE_OPEN_MS = 2_000;

/** Has the checks run for every group, behind what people wait for; the cards show what came of it. */
export function RunForAll({ classSessionId }: { classSessionId: string }) {
  const { t } = useTranslation('app');
  const { list } = useFormat();
  const { mutate, data, error, isPending } = useCommand('runForAll');
  const cancelling = useCommand('cancelClassBatch');
  const params = { classSessionId };
  const batch = useQuery({
    ...routeQuery('getClassBatch', { params }),
    // Cards tell what came of each; how many are left is asked for while there are some.
    refetchInterval: ({ state }) => ((state.data?.open ?? 0) > 0 ? WHILE_OPEN_MS : false),
  });
  const open = batch.data?.open ?? 0;
  const look = { onSettled: () => void batch.refetch() };
  const run = (): void => {
    if (open === 0) mutate({ params, body: { kind: 'check' } }, look);
  };
  const cancel = (): void => cancelling.mutate({ params, body: {} }, look);
  useCommands([
    {
      id: 'class.checkAll',
      name: t('class.lead.checkAll'),
      group: t('command.group.class'),
      enabled: open === 0,
      run,
    },
    {
      id: 'class.cancelAll',
      name: t('class.lead.cancelAll'),
      group: t('command.group.class'),
      enabled: open > 0,
      run: cancel,
    },
  ]);
  return (
    <>
      <div className={css.row}>
        {open > 0 ? (
          <>
            <span role="status">{t('class.lead.stillChecking', { count: open })}</span>
            <Button
              look="quiet"
              icon={<Square aria-hidden="true" />}
              busy={cancelling.isPending}
              onClick={cancel}
            >
              {t('class.lead.cancelAll')}
            </Button>
          </>
        ) : (
          <Button look="quiet" icon={<ListChecks aria-hidden="true" />} busy={isPending} onClick={run}>
            {t('class.lead.checkAll')}
          </Button>
        )}
      </div>
      {data !== undefined && open === 0 && (
        <p role="status">
          {t('class.lead.checking', { count: data.started })}
          {data.skipped.length > 0 &&
            ` ${t('class.lead.notChecking', { names: list(data.skipped.map(({ name }) => name)) })}`}
        </p>
      )}
      <ErrorLine error={error ?? cancelling.error} />
    </>
  );
}
