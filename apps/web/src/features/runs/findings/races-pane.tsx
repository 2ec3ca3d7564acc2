import type { RaceAccess } from '@lineage/contracts';
import { useState } from 'react';
import { useTranslation } from '../../../shared/i18n/index.ts';
import type { RunFold } from '../fold-run.ts';
import type { Source } from '../output-line.tsx';
import css from './findings.module.css';
import { onStackKeys, StackList } from './stack-list.tsx';

type Props = { races: RunFold['races']; source: Source };

/** What the race detector reported: both accesses beside each other, each with its stack and who started it. */
export function RacesPane({ races, source }: Props) {
  const { t } = useTranslation('findings');
  const [onlyOurs, setOnlyOurs] = useState(true);
  return (
    <div className={css.pane} role="region" tabIndex={0} aria-label={t('races')} onKeyDown={onStackKeys}>
      <header className={css.head}>
        <strong>{t('racesFound', { count: races.length })}</strong>
        <label className={css.toggle}>
          <input type="checkbox" checked={onlyOurs} onChange={() => setOnlyOurs((is) => !is)} />
          {t('onlyOurs')}
        </label>
      </header>
      {races.map(({ accesses }, at) => (
        <article key={at} className={css.race} aria-labelledby={`race-${at}`}>
          <h3 id={`race-${at}`}>
            {t('race', { number: at + 1 })} <code>{accesses[0]?.address}</code>
          </h3>
          <div className={css.sides}>
            {accesses.map((access, side) => (
              <Access key={side} access={access} isLater={side === 0} {...{ source, onlyOurs }} />
            ))}
          </div>
        </article>
      ))}
    </div>
  );
}

type AccessProps = { access: RaceAccess; isLater: boolean; source: Source; onlyOurs: boolean };

function Access({ access, isLater, source, onlyOurs }: AccessProps) {
  const { t } = useTranslation('findings');
  const { goroutine, created, stack } = access;
  const what = `${access.atomic ? 'atomic' : ''}${access.write ? 'Write' : 'Read'}`;
  const who = goroutine === 0 ? t('mainGoroutine') : t('aGoroutine', { id: goroutine });
  return (
    <section className={css.side}>
      <h4>{t(isLater ? 'later' : 'earlier', { what: t(`access.${what}`), who })}</h4>
      <StackList stack={stack} source={source} onlyOurs={onlyOurs} />
      {created.frames.length > 0 && (
        <>
          <p className={css.created}>{t('startedAt')}</p>
          <StackList stack={created} source={source} onlyOurs={onlyOurs} />
        </>
      )}
    </section>
  );
}
