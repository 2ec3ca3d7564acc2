import type { Locale, Localized } from '@lineage/contracts';
import { useMemo } from 'react';
import { useLocale } from './i18n.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export type Format = {
  locale: Locale;
  /** The text of a bilingual pair in the viewer's language. */
  pick(text: Localized): string;
  number(value: number): string;
  /** 0.41 as 41 %. */
  share(value: number): string;
  time(instant: string): string;
  date(instant: string): string;
  dateTime(instant: string): string;
  /** "3 minutes ago", "in 2 hours". */
  relative(instant: string, now: number): string;
  list(items: readonly string[]): string;
};

/**
 * Dates, numbers and lists by the platform's Intl, in one language, as they are written where the viewer is: of the
 * languages that the browser wants, the first of that language says so. The zone is the viewer's too.
 */
export function formatFor(locale: Locale, wanted: readonly string[] = navigator.languages): Format {
  const region = wanted.find((one) => one.startsWith(`${locale}-`)) ?? locale;
  const number = new Intl.NumberFormat(region);
  const share = new Intl.NumberFormat(region, { style: 'percent', maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(region, { hour: '2-digit', minute: '2-digit' });
  const date = new Intl.DateTimeFormat(region, { dateStyle: 'medium' });
  const dateTime = new Intl.DateTimeFormat(region, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    locale,
    pick: (text) => text[locale],
    number: (value) => number.format(value),
    share: (value) => share.format(value),
    time: (instant) => time.format(new Date(instant)),
    date: (instant) => date.format(new Date(instant)),
    dateTime: (instant) => dateTime.format(new Date(instant)),
    relative: (instant, now) => {
      const distance = Date.parse(instant) - now;
      const size = Math.abs(distance);
      if (size < HOUR_MS) return relative.format(Math.round(distance / MINUTE_MS), 'minute');
      if (size < DAY_MS) return relative.format(Math.round(distance / HOUR_MS), 'hour');
      return relative.format(Math.round(distance / DAY_MS), 'day');
    },
    list: (items) => list.format(items),
  };
}

/** `formatFor` in the language shown now. */
export function useFormat(): Format {
  const locale = useLocale();
  return useMemo(() => formatFor(locale), [locale]);
}
