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
