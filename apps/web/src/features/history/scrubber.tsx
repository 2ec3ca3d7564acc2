import type { AccountId, Person } from '@lineage/contracts';
import { useMemo, type CSSProperties } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { cx } from '../../shared/ui/index.ts';
import css from './history.module.css';
import type { Life } from './life.ts';

type Props = {
  life: Life;
  people: ReadonlyMap<AccountId, Person>;
  position: number;
  /** Where a comparison begins; null when nothing is compared. */
  base: number | null;
  /** The moment in words, for whoever hears it. */
  words: string;
  onPosition: (position: number) => void;
};

/** The whole life as one line: whose edits, what ran, where it began anew. The handle is an ordinary slider. */
export function Scrubber({ life, people, position, base, words, onPosition }: Props) {
  const { t } = useTranslation('history');
  const share = (at: number): string => `${(at / Math.max(1, life.end)) * 100}%`;
  const parts = useMemo(
    () =>
      life.parts.map(({ from, to, by }) => {
        const [first, second] = by;
        const colour = colourOf(people, first);
        const style = {
          left: `${((from - 1) / Math.max(1, life.end)) * 100}%`,
          width: `${((to - from + 1) / Math.max(1, life.end)) * 100}%`,
          '--first': colour,
          '--second': second === undefined ? colour : colourOf(people, second),
        } as CSSProperties;
        return <span key={from} className={css.part} style={style} />;
      }),
    [life, people],
  );
  return (
    <div className={css.scrubber}>
      <div className={css.track} aria-hidden="true">
        {parts}
        {life.resets.map((reset) => (
          <span key={reset.position} className={css.reset} style={{ left: share(reset.position) }} />
        ))}
        {life.marks.map(({ position: at, mark }, index) => (
          <span
            key={index}
            className={cx(
              css.mark,
              css[mark.type],
              mark.type === 'run' && mark.state === 'passed' && css.passed,
            )}
            style={{ left: share(at) }}
          />
        ))}
        {base !== null && <span className={css.base} style={{ left: share(base) }} />}
      </div>
      <input
        type="range"
        className={css.slider}
        min={0}
        max={life.end}
        step={1}
        value={position}
        aria-label={t('moment')}
        aria-valuetext={words}
        onChange={(event) => onPosition(event.target.valueAsNumber)}
      />
    </div>
  );
}

const colourOf = (people: ReadonlyMap<AccountId, Person>, id: AccountId | undefined): string => {
  const person = id === undefined ? undefined : people.get(id);
  return person === undefined ? 'var(--ln-border-strong)' : `var(--ln-person-${person.colour})`;
};
