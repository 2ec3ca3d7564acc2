import { ChevronRight, OctagonX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from '../../../shared/i18n/index.ts';
import { Badge } from '../../../shared/ui/index.ts';
import type { RunFold } from '../fold-run.ts';
import type { Source } from '../output-line.tsx';
import { PlaceInSource } from '../place-in-source.tsx';
import css from './findings.module.css';
import { groupGoroutines, type GoroutineGroup } from './group-goroutines.ts';
import { onStackKeys, shortFunction, StackList } from './stack-list.tsx';

type Props = { crash: NonNullable<RunFold['crash']>; source: Source };

/** With what the Go runtime ended the program: every goroutine, where it stood and who started it. */
export function CrashPane({ crash, source }: Props) {
  const { t } = useTranslation('findings');
  const [onlyOurs, setOnlyOurs] = useState(false);
  const groups = useMemo(() => groupGoroutines(crash.goroutines), [crash]);
  return (
    <div className={css.pane} role="region" tabIndex={0} aria-label={t('crash')} onKeyDown={onStackKeys}>
      <header className={css.head}>
        <OctagonX size={16} aria-hidden="true" className={css.bad} />
        <Badge tone="bad">{t(`crashKind.${crashKindOf(crash.kind)}`)}</Badge>
        <code className={css.message} lang="en">
          {crash.message}
        </code>
        <label className={css.toggle}>
          <input type="checkbox" checked={onlyOurs} onChange={() => setOnlyOurs((is) => !is)} />
          {t('onlyOurs')}
        </label>
      </header>
      {groups.map((group, at) => (
        <GoroutineSection key={at} group={group} open={at === 0} {...{ source, onlyOurs }} />
      ))}
      {crash.truncated && <p className={css.dim}>{t('moreGoroutines')}</p>}
    </div>
  );
}

type SectionProps = { group: GoroutineGroup; open: boolean; source: Source; onlyOurs: boolean };

function GoroutineSection({ group: { first, ids }, open, source, onlyOurs }: SectionProps) {
  const { t } = useTranslation('findings');
  const title = ids.length === 1 ? t('goroutine', { id: first.id }) : t('goroutines', { count: ids.length });
  const { createdBy } = first;
  return (
    <details className={css.section} open={open}>
      <summary>
        <ChevronRight size={14} aria-hidden="true" className={css.chevron} />
        <strong>{title}</strong>
        <span lang="en">{first.state}</span>
        {first.waitMinutes > 0 && <span>{t('waited', { count: first.waitMinutes })}</span>}
        {first.lockedToThread && <span>{t('locked')}</span>}
      </summary>
      {ids.length > 1 && <p className={css.dim}>{t('ids', { ids: ids.slice(0, 20).join(', ') })}</p>}
      <StackList stack={first.stack} source={source} onlyOurs={onlyOurs} />
      {createdBy !== null && (
        <p className={css.created}>
          {t('createdBy')} <code>{shortFunction(createdBy.function)}</code>{' '}
          {createdBy.inWorkspace ? (
            <PlaceInSource file={createdBy.path} line={createdBy.line} source={source}>
              {createdBy.path}:{createdBy.line}
            </PlaceInSource>
          ) : (
            <code>
              {createdBy.path}:{createdBy.line}
            </code>
          )}
          {first.createdIn > 0 && ` ${t('createdIn', { id: first.createdIn })}`}
        </p>
      )}
    </details>
  );
}

/** A closed list: the word comes from what a program printed. */
function crashKindOf(kind: string): 'panic' | 'fatal' | 'signal' {
  return kind === 'panic' || kind === 'signal' ? kind : 'fatal';
}
