import type { RunState } from '@lineage/contracts';
import { Ban, Check, CircleDashed, Clock, LoaderCircle, OctagonAlert, TriangleAlert, X } from 'lucide-react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Badge } from '../../shared/ui/index.ts';

const looks = {
  queued: { tone: 'plain', Icon: CircleDashed },
  building: { tone: 'accent', Icon: LoaderCircle },
  running: { tone: 'accent', Icon: LoaderCircle },
  passed: { tone: 'ok', Icon: Check },
  failed: { tone: 'bad', Icon: X },
  timed_out: { tone: 'warn', Icon: Clock },
  limited: { tone: 'warn', Icon: OctagonAlert },
  cancelled: { tone: 'plain', Icon: Ban },
  errored: { tone: 'bad', Icon: TriangleAlert },
} as const;

const colours = {
  plain: 'var(--ln-text-dim)',
  accent: 'var(--ln-accent)',
  ok: 'var(--ln-ok)',
  warn: 'var(--ln-warn)',
  bad: 'var(--ln-bad)',
} as const;

/** A run's state as a shape, for where no word has room: whoever cannot see it is told the word. */
export function RunStateIcon({ state }: { state: RunState }) {
  const { t } = useTranslation('app');
  const { tone, Icon } = looks[state];
  return (
    <span role="img" aria-label={t(`class.runState.${state}`)} style={{ color: colours[tone] }}>
      <Icon size={14} aria-hidden="true" />
    </span>
  );
}

/** A run's state in a word and a shape. */
export function RunStateBadge({ state }: { state: RunState }) {
  const { t } = useTranslation('app');
  const { tone, Icon } = looks[state];
  return (
    <Badge tone={tone}>
      <Icon size={12} aria-hidden="true" /> {t(`class.runState.${state}`)}
    </Badge>
  );
}
