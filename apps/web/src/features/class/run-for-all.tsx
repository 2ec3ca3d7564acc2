import { runForAllKindSchema, type RunForAllKind } from '@lineage/contracts';
import { useQuery } from '@tanstack/react-query';
import { ListChecks, Square } from 'lucide-react';
import { useState } from 'react';
import { routeQuery, useCommand } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Button, ErrorLine } from '../../shared/ui/index.ts';
import { Pills } from '../../shared/ui/pills.tsx';
import css from './lead-controls.module.css';

const WHILE_OPEN_MS = 2_000;
const kinds = runForAllKindSchema.options;

/** Has the same run for every group, behind what people wait for; the cards show what came of it. */
export function RunForAll({ classSessionId }: { classSessionId: string }) {
  const { t } = useTranslation('app');
  const { list } = useFormat();
  const [kind, setKind] = useState<RunForAllKind>('check');
  const { mutate, data, variables, error, isPending } = useCommand('runForAll');
  const cancelling = useCommand('cancelClassBatch');
  const params = { classSessionId };
  const batch = useQuery({
    ...routeQuery('getClassBatch', { params }),
    // Cards tell what came of each; how many are left is asked for while there are some.
    refetchInterval: ({ state }) => ((state.data?.open ?? 0) > 0 ? WHILE_OPEN_MS : false),
  });
  const open = batch.data?.open ?? 0;
  const look = { onSettled: () => void batch.refetch() };
  const run = (wanted: RunForAllKind): void => {
    setKind(wanted);
    if (open === 0) mutate({ params, body: { kind: wanted } }, look);
  };
  const cancel = (): void => cancelling.mutate({ params, body: {} }, look);
  const group = t('command.group.class');
  useCommands([
    ...kinds.map((one) => ({
      id: `class.all.${one}`,
      name: t(`class.lead.all.${one}`),
      group,
      enabled: open === 0 && !isPending,
      run: () => run(one),
    })),
    { id: 'class.cancelAll', name: t('class.lead.cancelAll'), group, enabled: open > 0, run: cancel },
  ]);
  return (
    <>
      {open > 0 ? (
        <div className={css.row}>
          <span role="status">{t('class.lead.notEnded', { count: open })}</span>
          <Button
            look="quiet"
            icon={<Square aria-hidden="true" />}
            busy={cancelling.isPending}
            onClick={cancel}
          >
            {t('class.lead.cancelAll')}
          </Button>
        </div>
      ) : (
        <div className={css.forAll}>
          <Pills
            label={t('class.lead.ofAll')}
            items={kinds.map((one) => ({ id: one, name: t(`class.runKind.${one}`) }))}
            chosen={kind}
            onChoose={(id) => setKind(runForAllKindSchema.parse(id))}
          />
          <Button
            look="quiet"
            icon={<ListChecks aria-hidden="true" />}
            busy={isPending}
            onClick={() => run(kind)}
          >
            {t(`class.lead.all.${kind}`)}
          </Button>
        </div>
      )}
      {data !== undefined && open === 0 && (
        <p role="status">
          {t(`class.lead.done.${variables.body.kind}`, { count: data.started })}
          {data.skipped.length > 0 &&
            ` ${t('class.lead.notDone', { names: list(data.skipped.map(({ name }) => name)) })}`}
        </p>
      )}
      <ErrorLine error={error ?? cancelling.error} />
    </>
  );
}
