import type { AccountId, Person } from '@lineage/contracts';
import { useMemo } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { type Life, type LifeMark, partAt } from './life.ts';
import type { PastEdit } from './moments.ts';

type People = ReadonlyMap<AccountId, Person>;

/** Says what a mark is. */
export function useMarkWords(people: People): (mark: LifeMark) => string {
  const { t } = useTranslation('history');
  const { pick, dateTime } = useFormat();
  return ({ mark }) => {
    const when = dateTime(mark.at);
    if (mark.type === 'step') return `${when} · ${t('mark.step', { title: pick(mark.title) })}`;
    const values = {
      kind: t(`kind.${mark.kind}`),
      state: t(`state.${mark.state}`),
      name: people.get(mark.by)?.name ?? t('somebody'),
    };
    return `${when} · ${t('mark.run', values)}`;
  };
}

export type MomentWords = {
  /** When, and who wrote. */
  readonly words: string;
  /** Null where nobody wrote. */
  readonly person: Person | null;
  readonly when: string | null;
};

/** Says which moment a position is, from the edit that led to it where that is known, else from its part. */
export function useMomentWords(
  life: Life,
  people: People,
): (position: number, edit: PastEdit | null) => MomentWords {
  const { t } = useTranslation('history');
  const { locale } = useFormat();
  const dateTime = useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, {
      weekday: 'short',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      // People type more than once a minute.
      second: '2-digit',
    });
    return (instant: string): string => format.format(new Date(instant));
  }, [locale]);
  return (position, edit) => {
    const reset = life.resets.find((one) => one.position === position);
    if (reset !== undefined) {
      const name = (reset.by === null ? undefined : people.get(reset.by)?.name) ?? t('somebody');
      const when = dateTime(new Date(reset.at).toISOString());
      return { words: `${when} · ${t('atReset', { name })}`, person: null, when };
    }
    const part = partAt(life, position);
    if (position === 0 || part === null) return { words: t('atTemplate'), person: null, when: null };
    const when = dateTime(new Date(edit?.at ?? part.until).toISOString());
    const by = edit?.by ?? part.by[0];
    const person = (by === undefined ? undefined : people.get(by)) ?? null;
    return { words: t('by', { when, name: person?.name ?? t('somebody') }), person, when };
  };
}
