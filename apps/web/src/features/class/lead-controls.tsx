import type { ClassCommand, ClassSession } from '@lineage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, ArrowRight, Play } from 'lucide-react';
import { useState } from 'react';
import { routeKey, useCommand } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { LazyDialog } from '../../shared/ui/lazy-dialog.tsx';
import { Button, ErrorLine, Keys } from '../../shared/ui/index.ts';
import { itemBeside, type AgendaItem } from './agenda.ts';
import { GroupsControl } from './groups-control.tsx';
import { RunForAll } from './run-for-all.tsx';
import css from './lead-controls.module.css';

/** Sends a command; what it changed is shown from the answer, at once. */
export function useClassCommand(session: ClassSession) {
  const queryClient = useQueryClient();
  const command = useCommand('commandClass');
  const params = { classSessionId: session.summary.id };
  const send = (body: ClassCommand): void =>
    command.mutate(
      { params, body },
      {
        onSuccess: (state) =>
          queryClient.setQueryData<ClassSession>(routeKey('getClassSession', { params }), (old) =>
            // The event may have come before the answer, and moved on.
            old === undefined || old.state.seq > state.seq
              ? old
              : { ...old, state, summary: { ...old.summary, state: state.state } },
          ),
        onSettled: () => void queryClient.invalidateQueries({ queryKey: ['getMe'] }),
      },
    );
  return { send, error: command.error, busy: command.isPending };
}

type Props = { session: ClassSession; agenda: readonly AgendaItem[] };

/** The run of show: one key for what is next, one back, start and end. */
export function LeadControls({ session, agenda }: Props) {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  const [ending, setEnding] = useState(false);
  const { send, error, busy } = useClassCommand(session);
  const { state } = session;
  const next = itemBeside(agenda, state, 1);
  const back = itemBeside(agenda, state, -1);
  const moveTo = (item: AgendaItem | undefined): void => {
    if (item !== undefined) send({ type: 'move_to_step', lessonId: item.lesson.id, stepId: item.step.id });
  };
  const live = state.state === 'live';
  const group = t('command.group.class');
  useCommands([
    {
      id: 'class.next',
      name: t('class.lead.nextKey'),
      keys: 'n',
      group,
      enabled: live && next !== undefined,
      run: () => moveTo(next),
    },
    {
      id: 'class.back',
      name: t('class.lead.backKey'),
      keys: 'b',
      group,
      enabled: live && back !== undefined,
      run: () => moveTo(back),
    },
    {
      id: 'class.start',
      name: t('class.lead.start'),
      group,
      enabled: state.state === 'scheduled',
      run: () => send({ type: 'start' }),
    },
    { id: 'class.end', name: t('class.lead.end'), group, enabled: live, run: () => setEnding(true) },
  ]);
  return (
    <div className={css.controls}>
      {state.state === 'scheduled' && (
        <Button
          look="primary"
          size="large"
          icon={<Play />}
          busy={busy}
          onClick={() => send({ type: 'start' })}
        >
          {t('class.lead.start')}
        </Button>
      )}
      {live && (
        <>
          <Button
            look="primary"
            size="large"
            className={css.next}
            disabled={next === undefined}
            onClick={() => moveTo(next)}
          >
            <span className={css.nextWords}>
              {next === undefined
                ? t('class.lead.last')
                : t('class.lead.next', { step: pick(next.step.title) })}
            </span>
            {next !== undefined && (
              <>
                <ArrowRight aria-hidden="true" />
                <Keys keys="n" />
              </>
            )}
          </Button>
          <div className={css.row}>
            <Button
              look="quiet"
              icon={<ArrowLeft />}
              disabled={back === undefined}
              onClick={() => moveTo(back)}
            >
              {t('class.lead.back')} <Keys keys="b" />
            </Button>
            <Button look="quiet" onClick={() => setEnding(true)}>
              {t('class.lead.end')}
            </Button>
          </div>
          <RunForAll classSessionId={session.summary.id} />
          <GroupsControl classSessionId={session.summary.id} />
        </>
      )}
      {state.state === 'ended' && <p className={css.ended}>{t('class.ended')}</p>}
      <ErrorLine error={error} />
      <LazyDialog
        title={t('class.lead.endTitle', { title: session.summary.title })}
        opened={ending}
        onClose={() => setEnding(false)}
        size={440}
      >
        <p>{t('class.lead.endText')}</p>
        <div className={css.confirm}>
          <Button onClick={() => setEnding(false)}>{t('action.cancel')}</Button>
          <Button
            look="primary"
            onClick={() => {
              setEnding(false);
              send({ type: 'end' });
            }}
          >
            {t('class.lead.end')}
          </Button>
        </div>
      </LazyDialog>
    </div>
  );
}
