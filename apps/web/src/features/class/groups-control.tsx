import type { CommandedGroups } from '@lineage/contracts';
import { PenLine, PenTool } from 'lucide-react';
import { useCommand } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Button, ErrorLine } from '../../shared/ui/index.ts';
import css from './lead-controls.module.css';

type Mode = 'drive' | 'free';

/** Says for all groups at once who writes; each of the two undoes the other. */
export function GroupsControl({ classSessionId }: { classSessionId: string }) {
  const { t } = useTranslation('app');
  const { mutate, data, error, isPending, variables } = useCommand('commandGroups');
  const set = (type: Mode): void => mutate({ params: { classSessionId }, body: { type } });
  const group = t('command.group.class');
  useCommands([
    { id: 'class.drive', name: t('class.lead.oneWrites'), group, enabled: true, run: () => set('drive') },
    { id: 'class.free', name: t('class.lead.allWrite'), group, enabled: true, run: () => set('free') },
  ]);
  const busy = (type: Mode): boolean => isPending && variables.body.type === type;
  return (
    <>
      <div className={css.row}>
        <Button
          look="quiet"
          icon={<PenLine aria-hidden="true" />}
          busy={busy('drive')}
          onClick={() => set('drive')}
        >
          {t('class.lead.oneWrites')}
        </Button>
        <Button
          look="quiet"
          icon={<PenTool aria-hidden="true" />}
          busy={busy('free')}
          onClick={() => set('free')}
        >
          {t('class.lead.allWrite')}
        </Button>
      </div>
      {data !== undefined && <Reached {...data} />}
      <ErrorLine error={error} />
    </>
  );
}

function Reached({ reached, skipped }: CommandedGroups) {
  const { t } = useTranslation('app');
  const { list } = useFormat();
  return (
    <p role="status">
      {t('class.lead.reached', { count: reached })}
      {skipped.length > 0 &&
        ` ${t('class.lead.notReached', { names: list(skipped.map(({ name }) => name)) })}`}
    </p>
  );
}
