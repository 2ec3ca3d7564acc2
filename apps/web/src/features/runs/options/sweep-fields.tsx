import { useTranslation } from '../../../shared/i18n/index.ts';
import { SelectField, TextField } from '../../../shared/ui/field.tsx';
import css from './run-options.module.css';
import type { RunOptions } from './run-options.ts';
import { MOST_SWEEP_REPEATS, sweepParameters, type SweepOptions } from './sweep-options.ts';

type Props = {
  options: RunOptions;
  change: (part: Partial<RunOptions>) => void;
  wrong: readonly string[];
};

/** Runs the program once for each value of a parameter. */
export function SweepFields({ options: { sweep }, change, wrong }: Props) {
  const { t } = useTranslation('runOptions');
  const set = (part: Partial<SweepOptions>): void => change({ sweep: { ...sweep, ...part } });
  const { parameter } = sweep;
  return (
    <fieldset className={css.group}>
      <legend>{t('sweep.title')}</legend>
      <div className={css.env}>
        <SelectField
          label={t('sweep.parameter')}
          data={[
            { value: '', label: t('sweep.none') },
            ...sweepParameters.map((value) => ({
              value,
              label: value === 'argument' ? t('sweep.argument') : value,
            })),
          ]}
          value={parameter}
          onChange={({ currentTarget: { value } }) =>
            set({ parameter: sweepParameters.find((one) => one === value) ?? '', values: '' })
          }
        />
        {parameter !== '' && (
          <>
            <TextField
              label={t('sweep.values')}
              placeholder={t(`sweep.example.${parameter}`)}
              error={wrong.includes('sweep') ? t('sweep.wrong') : undefined}
              value={sweep.values}
              maxLength={500}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => set({ values: event.currentTarget.value })}
            />
            <TextField
              label={t('sweep.repeat')}
              type="number"
              min={1}
              max={MOST_SWEEP_REPEATS}
              value={sweep.repeat}
              onChange={({ currentTarget: { value } }) =>
                set({ repeat: Math.max(1, Math.min(MOST_SWEEP_REPEATS, Math.trunc(Number(value)) || 1)) })
              }
            />
          </>
        )}
      </div>
      {parameter !== '' && <p className={css.about}>{t('sweep.about')}</p>}
    </fieldset>
  );
}
