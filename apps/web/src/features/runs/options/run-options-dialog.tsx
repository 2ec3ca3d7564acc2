import { crossTargetSchema, goExperimentSchema, type WorkspaceId } from '@lineage/contracts';
import { Play } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from '../../../shared/i18n/index.ts';
import { Button } from '../../../shared/ui/index.ts';
import { Dialog } from '../../../shared/ui/dialog.tsx';
import { SelectField, TextField } from '../../../shared/ui/field.tsx';
import type { RunRequest } from '../use-start-run.ts';
import { CompareField } from './compare-field.tsx';
import { ReleaseField } from './release-field.tsx';
import { RepeatFields } from './repeat-fields.tsx';
import css from './run-options.module.css';
import {
  envNames,
  hasEnvironment,
  hasExperiment,
  hasPattern,
  hasProgram,
  MOST_FUZZ_SECONDS,
  optionKinds,
  parseOptions,
  requestOfOptions,
  signalsOf,
  toggledSignal,
  toggledTarget,
  wrongFields,
  type RunOptions,
} from './run-options.ts';
import { SweepFields } from './sweep-fields.tsx';

type Props = {
  workspaceId: WorkspaceId;
  /** The choice is kept under this key. */
  storageKey: string;
  onStart: (request: RunRequest) => void;
  onClose: () => void;
};

/** Everything that can be chosen about a run; what was chosen last is there again. */
export function RunOptionsDialog({ workspaceId, storageKey, onStart, onClose }: Props) {
  const { t } = useTranslation('runOptions');
  const [options, setOptions] = useState(() => parseOptions(localStorage.getItem(storageKey)));
  const [tried, setTried] = useState(false);
  const change = (part: Partial<RunOptions>): void => setOptions((old) => ({ ...old, ...part }));
  const wrong = tried ? wrongFields(options) : [];
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (wrongFields(options).length > 0) return;
    localStorage.setItem(storageKey, JSON.stringify(options));
    onStart(requestOfOptions(options));
    onClose();
  };
  const kinds = optionKinds.map((value) => ({ value, label: t(`kind.${value}`) }));
  return (
    <Dialog title={t('title')} opened onClose={onClose} size={600}>
      <form className={css.form} onSubmit={onSubmit} noValidate>
        <SelectField
          data-autofocus
          label={t('what')}
          data={kinds}
          value={options.kind}
          onChange={({ currentTarget: { value } }) =>
            change({ kind: optionKinds.find((kind) => kind === value) ?? 'run' })
          }
        />
        {hasPattern(options.kind) && (
          <TextField
            label={t('pattern')}
            description={t('patternHint')}
            value={options.pattern}
            maxLength={200}
            spellCheck={false}
            onChange={(event) => change({ pattern: event.currentTarget.value })}
          />
        )}
        {hasPattern(options.kind) && <RepeatFields {...{ options, change, wrong }} />}
        {hasProgram(options.kind) && <ProgramFields {...{ options, change, wrong }} />}
        {options.kind === 'bench' && (
          <CompareField
            workspaceId={workspaceId}
            compareWith={options.compareWith}
            onChange={(compareWith) => change({ compareWith })}
          />
        )}
        {options.kind === 'run' && <SweepFields {...{ options, change, wrong }} />}
        {signalsOf(options).length > 0 && <SignalFields {...{ options, change }} />}
        {hasExperiment(options.kind) && (
          <ReleaseField
            workspaceId={workspaceId}
            goVersion={options.goVersion}
            onChange={(goVersion) => change({ goVersion })}
          />
        )}
        {hasExperiment(options.kind) && options.goVersion === null && (
          <ExperimentField {...{ options, change }} />
        )}
        {options.kind === 'fuzz' && <FuzzFields {...{ options, change, wrong }} />}
        {options.kind === 'cross' && <TargetFields {...{ options, change, wrong }} />}
        {hasEnvironment(options.kind) && <EnvFields {...{ options, change, wrong }} />}
        <div className={css.actions}>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" icon={<Play aria-hidden="true" />}>
            {t('start')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type FieldsProps = {
  options: RunOptions;
  change: (part: Partial<RunOptions>) => void;
  wrong: readonly string[];
};

function ProgramFields({ options, change, wrong }: FieldsProps) {
  const { t } = useTranslation('runOptions');
  return (
    <>
      <TextField
        label={t('args')}
        description={t('argsHint')}
        error={wrong.includes('args') ? t('argsWrong') : undefined}
        value={options.args}
        maxLength={4096}
        spellCheck={false}
        onChange={(event) => change({ args: event.currentTarget.value })}
      />
      <fieldset className={css.group}>
        <legend>{t('stdin')}</legend>
        <label className={css.check}>
          <input
            type="checkbox"
            checked={options.hasStdin}
            onChange={(event) => change({ hasStdin: event.currentTarget.checked })}
          />
          {t('hasStdin')}
        </label>
        {options.hasStdin && (
          <textarea
            className={css.stdin}
            aria-label={t('stdin')}
            rows={3}
            maxLength={16_384}
            spellCheck={false}
            value={options.stdin}
            onChange={(event) => change({ stdin: event.currentTarget.value })}
          />
        )}
      </fieldset>
    </>
  );
}

function SignalFields({ options, change }: Omit<FieldsProps, 'wrong'>) {
  const { t } = useTranslation('runOptions');
  return (
    <fieldset className={css.group}>
      <legend>{t('signals')}</legend>
      <div className={css.checks}>
        {signalsOf(options).map((signal) => (
          <label key={signal} className={css.check}>
            <input
              type="checkbox"
              checked={options.signals.includes(signal)}
              onChange={() => change({ signals: toggledSignal(options.signals, signal) })}
            />
            {t(`signal.${signal}`)}
          </label>
        ))}
      </div>
      {options.kind === 'race' && <p className={css.hint}>{t('raceHint')}</p>}
    </fieldset>
  );
}

function ExperimentField({ options, change }: Omit<FieldsProps, 'wrong'>) {
  const { t } = useTranslation('runOptions');
  return (
    <SelectField
      label={t('experiment')}
      description={options.goExperiment === null ? undefined : t('experimentHint')}
      data={[
        { value: '', label: t('experimentName.none') },
        ...goExperimentSchema.options.map((value) => ({ value, label: t(`experimentName.${value}`) })),
      ]}
      value={options.goExperiment ?? ''}
      onChange={({ currentTarget: { value } }) =>
        change({ goExperiment: goExperimentSchema.options.find((one) => one === value) ?? null })
      }
    />
  );
}

function FuzzFields({ options, change, wrong }: FieldsProps) {
  const { t } = useTranslation('runOptions');
  return (
    <div className={css.env}>
      <TextField
        label={t('fuzzTarget')}
        description={t('fuzzTargetHint')}
        error={wrong.includes('fuzzTarget') ? t('fuzzTargetWrong') : undefined}
        placeholder="FuzzParse"
        value={options.fuzzTarget}
        maxLength={104}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => change({ fuzzTarget: event.currentTarget.value.trim() })}
      />
      <TextField
        label={t('fuzzSeconds')}
        type="number"
        min={1}
        max={MOST_FUZZ_SECONDS}
        value={options.fuzzSeconds}
        onChange={({ currentTarget: { value } }) =>
          change({ fuzzSeconds: Math.max(1, Math.min(MOST_FUZZ_SECONDS, Math.trunc(Number(value)) || 1)) })
        }
      />
    </div>
  );
}

function TargetFields({ options, change, wrong }: FieldsProps) {
  const { t } = useTranslation('runOptions');
  return (
    <fieldset className={css.group}>
      <legend>{t('targets')}</legend>
      <div className={css.checks}>
        {crossTargetSchema.options.map((target) => (
          <label key={target} className={css.check}>
            <input
              type="checkbox"
              checked={options.targets.includes(target)}
              onChange={() => change({ targets: toggledTarget(options.targets, target) })}
            />
            {target}
          </label>
        ))}
      </div>
      <p className={css.hint} role={wrong.includes('targets') ? 'alert' : undefined}>
        {t(wrong.includes('targets') ? 'targetsWrong' : 'targetsHint')}
      </p>
    </fieldset>
  );
}

function EnvFields({ options, change, wrong }: FieldsProps) {
  const { t } = useTranslation('runOptions');
  return (
    <fieldset className={css.group}>
      <legend>{t('env')}</legend>
      <div className={css.env}>
        {envNames.map((name) => (
          <TextField
            key={name}
            label={name}
            placeholder={t(`envExample.${name}`)}
            error={wrong.includes(name) ? t(`envWrong.${name}`) : undefined}
            value={options.env[name] ?? ''}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) =>
              change({ env: { ...options.env, [name]: event.currentTarget.value.trim() } })
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
