import type { Quiet } from '@lineage/contracts';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { wasQuiet } from '../was-quiet.ts';
import css from './findings.module.css';

/** Whether what was measured can be believed: how quiet the machine was, in a sentence. */
export function QuietNote({ quiet }: { quiet: Quiet | undefined }) {
  const { t } = useTranslation('findings');
  const { number } = useFormat();
  if (quiet === undefined) return null;
  const { alone, otherCores, cores } = quiet;
  const isQuiet = wasQuiet(quiet);
  const words = isQuiet ? 'quiet.yes' : alone ? 'quiet.others' : 'quiet.notAlone';
  return (
    <QuietLine of="these" isQuiet={isQuiet}>
      {t(words, { others: number(Math.round(otherCores * 100) / 100), cores: number(cores) })}
    </QuietLine>
  );
}

type Line = { of: 'these' | 'before'; isQuiet: boolean; children: ReactNode };

/** A sentence about how far these values, or those before, can be believed, with the sign of it. */
export function QuietLine({ of, isQuiet, children }: Line) {
  const Icon = isQuiet ? CircleCheck : TriangleAlert;
  return (
    <p className={css.quiet} data-measured={of} data-quiet={isQuiet}>
      <Icon size={14} aria-hidden="true" /> {children}
    </p>
  );
}
