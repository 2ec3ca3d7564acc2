import { useTranslation } from '../../../shared/i18n/index.ts';
import { TextField } from '../../../shared/ui/field.tsx';
import css from './run-options.module.css';
import { hasCoverage, MOST_REPEATS, type RunOptions } from './run-options.ts';

type Props = {
  options: RunOptions;
  change: (part: Partial<RunOptions>) => void;
  wrong: readonly string[];
};

/** How often tests run, in which order, and whether what ran is counted. */
export function RepeatFields({ options, change, wrong }: Props) {
  const { t } = useTranslation('runOptions');
  return (
    <>
      <div className={css.env}>
        <TextField
          label={t('count')}
          type="number"
          min={0}
          max={MOST_REPEATS}
          placeholder={t('once')}
          value={options.count === 0 ? '' : options.count}
          onChange={({ currentTarget: { value } }) =>
            change({ count: Math.max(0, Math.min(MOST_REPEATS, Math.trunc(Number(value)) || 0)) })
          }
        />
        <label className={css.check}>
          <input
            type="checkbox"
            checked={options.shuffle}
            onChange={(event) => change({ shuffle: event.currentTarget.checked })}
          />
          {t('shuffle')}
        </label>
        {hasCoverage(options.kind) && (
          <label className={css.check}>
            <input
              type="checkbox"
              checked={options.coverage}
              onChange={(event) => change({ coverage: event.currentTarget.checked })}
            />
            {t('coverage')}
          </label>
        )}
      </div>
      {options.shuffle && (
        <TextField
          label={t('seed')}
          description={t('seedHint')}
          error={wrong.includes('shuffleSeed') ? t('seedWrong') : undefined}
          inputMode="numeric"
          placeholder={t('anySeed')}
          value={options.shuffleSeed}
          maxLength={19}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ shuffleSeed: event.currentTarget.value.trim() })}
        />
      )}
    </>
  );
}
