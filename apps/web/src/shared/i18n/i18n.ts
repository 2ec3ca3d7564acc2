import type { Locale } from '@lineage/contracts';
import { useMemo, useSyncExternalStore } from 'react';

/** Messages of one language: nested objects of strings. Plurals are `key_one` and `key_other` (Chinese has only `_other`). */
export type Messages = { readonly [key: string]: string | Messages };
/** A language's messages by namespace. */
export type Catalogue = Readonly<Record<string, Messages>>;
/** What `{{name}}` in a message stands for; `count` also chooses the plural. */
export type Values = Readonly<Record<string, string | number>>;
/** The text of a key such as `run.stop`; the key itself when there is none. */
export type Translate = (key: string, values?: Values) => string;

export const LANGUAGE_KEY = 'lineage.language';

type LoadCatalogue = (locale: Locale) => Promise<Catalogue>;
type Shown = { readonly locale: Locale; readonly catalogue: Catalogue };

let loadCatalogue: LoadCatalogue = () => Promise.resolve({});
let shown: Shown = { locale: 'en', catalogue: {} };
const listeners = new Set<() => void>();

/** The language asked for: the one chosen here before, else the browser's. */
export function preferredLocale(stored: string | null, wanted: readonly string[]): Locale {
  if (stored === 'en' || stored === 'zh-CN') return stored;
  const first = wanted.find((language) => /^(zh|en)\b/i.test(language));
  return first !== undefined && /^zh/i.test(first) ? 'zh-CN' : 'en';
}

/** Starts translation in the preferred language, loading that language's catalogue only. */
export async function startTranslation(load: LoadCatalogue): Promise<void> {
  loadCatalogue = load;
  await show(preferredLocale(localStorage.getItem(LANGUAGE_KEY), navigator.languages));
}

/** Changes the language for this browser, keeping the choice. */
export async function chooseLocale(locale: Locale): Promise<void> {
  await show(locale);
  localStorage.setItem(LANGUAGE_KEY, locale);
}

async function show(locale: Locale): Promise<void> {
  shown = { locale, catalogue: await loadCatalogue(locale) };
  document.documentElement.lang = locale;
  for (const listener of listeners) listener();
}

/** Reads texts of one language: plurals by the platform's `Intl.PluralRules`, slots filled as plain text. */
export function translator(locale: Locale, messages: Messages): Translate {
  const plural = new Intl.PluralRules(locale);
  return (key, values = {}) => {
    const { count } = values;
    const text =
      (typeof count === 'number' ? messageAt(messages, `${key}_${plural.select(count)}`) : null) ??
      messageAt(messages, key) ??
      messageAt(messages, `${key}_other`) ??
      key;
    return text.replaceAll(/\{\{(\w+)\}\}/g, (slot, name: string) => String(values[name] ?? slot));
  };
}

function messageAt(messages: Messages, key: string): string | null {
  let found: string | Messages | undefined = messages;
  for (const part of key.split('.')) {
    if (typeof found !== 'object' || !Object.hasOwn(found, part)) return null;
    found = found[part];
  }
  return typeof found === 'string' ? found : null;
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The language shown now. */
export const useLocale = (): Locale => useSyncExternalStore(subscribe, () => shown.locale);

/** The texts of a namespace in the language shown now. `t` stays the same function until the language changes. */
export function useTranslation(namespace: string): { readonly t: Translate; readonly locale: Locale } {
  const { locale, catalogue } = useSyncExternalStore(subscribe, () => shown);
  return useMemo(
    () => ({ t: translator(locale, catalogue[namespace] ?? {}), locale }),
    [locale, catalogue, namespace],
  );
}
