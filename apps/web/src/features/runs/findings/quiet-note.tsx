import type { Quiet } from '@lineage/contracts';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import css from './findings.module.css';

/** Above this figures are not to be trusted: the runner's own measure. */
const NOISY_CORES = 0.2;

/** Whether what was measured can be believed: how quiet the machine was, in a sentence. */
export function QuietNote({ quiet }: { quiet: Quiet | undefined }) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  if (quiet === undefined) return null;
  const { alone, otherCores, cores } = quiet;
  const isQuiet = alone && otherCores <= NOISY_CORES;
  const Icon = isQuiet ? CircleCheck : TriangleAlert;
  const words = isQuiet ? 'quiet.yes' : alone ? 'quiet.others' : 'quiet.notAlone';
  return (
    <p className={css.quiet} data-quiet={isQuiet}>
      <Icon size={14} aria-hidden="true" />{' '}
      {t(words, { others: number(Math.round(otherCores * 100) / 100), cores: number(cores) })}
    </p>
  );
}
