import type { ReactNode } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import css from './operations.module.css';

/** Names with values, one a line. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={css.row}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Counts by a closed set of names, the highest first. */
export function Counts({
  title,
  counts,
  nameOf,
}: {
  title: string;
  counts: Readonly<Record<string, number>>;
  nameOf: (word: string) => string;
}) {
  const { t } = useTranslation('operations');
  const { number } = useFormat();
  const known = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return (
    <section>
      <h3>{title}</h3>
      {known.length === 0 ? (
        <p className={css.dim}>{t('none')}</p>
      ) : (
        <Facts facts={known.map(([name, count]) => [nameOf(name), number(count)])} />
      )}
    </section>
  );
}

/** A duration of few milliseconds or many; a dash where there was none. */
export function Millis({ ms }: { ms: number | null }) {
  const { t } = useTranslation('operations');
  const { number } = useFormat();
  return ms === null ? '–' : t('millis', { ms: number(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)) });
}
