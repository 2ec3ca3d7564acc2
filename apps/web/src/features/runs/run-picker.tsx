import type { Run } from '@lineage/contracts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { isProfiled } from './dock-tabs.ts';
import css from './run-dock.module.css';

type RunPickerProps = { runs: readonly Run[]; shownId: string; onChooseRun: (runId: string | null) => void };

/** Which run is shown. The latest is followed; an older one stays until another is chosen. */
export function RunPicker({ runs, shownId, onChooseRun }: RunPickerProps) {
  const { t } = useTranslation('runs');
  const { time } = useFormat();
  const nameOf = (run: Run): string => {
    const { kind, createdAt, startedBy, state } = run;
    // A race is looked for, whatever is measured beside it.
    const words = isProfiled(run) && kind !== 'race' ? t('kind.profile') : t(`kind.${kind}`);
    return t('runAt', {
      kind: words,
      time: time(createdAt),
      name: startedBy.name,
      state: t(`state.${state}`),
    });
  };
  return (
    <select
      className={css.picker}
      aria-label={t('chooseRun')}
      value={shownId}
      onChange={({ currentTarget: { value } }) => onChooseRun(value === runs[0]?.id ? null : value)}
    >
      {runs.map((run) => (
        <option key={run.id} value={run.id}>
          {nameOf(run)}
        </option>
      ))}
    </select>
  );
}
