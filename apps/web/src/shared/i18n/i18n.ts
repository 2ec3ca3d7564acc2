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
type LoadMessages = (locale: Locale) => Promise<Messages>;
type Shown = { readonly locale: Locale; readonly catalogue: Catalogue };

let loadCatalogue: LoadCatalogue = () => Promise.resolve({});
let shown: Shown = { locale: 'en', catalogue: {} };
/** Namespaces that came with code loaded later. */
const later = new Map<string, LoadMessages>();
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

/**
 * Adds the texts of code that is loaded when it is first wanted; resolves when they are there in the language shown, so
 * wait for it beside that code.
 */
export async function loadNamespace(namespace: string, load: LoadMessages): Promise<void> {
  later.set(namespace, load);
  // The language may be changed meanwhile, by a change that began before these were asked for.
  while (!Object.hasOwn(shown.catalogue, namespace)) {
    const { locale } = shown;
    const messages = await load(locale);
    if (shown.locale === locale) tell({ locale, catalogue: { ...shown.catalogue, [namespace]: messages } });
  }
}

async function show(locale: Locale): Promise<void> {
  const [first, ...rest] = await Promise.all([
    loadCatalogue(locale),
    ...[...later].map(async ([namespace, load]) => ({ [namespace]: await load(locale) })),
  ]);
  const catalogue: Record<string, Messages> = Object.assign({}, first, ...rest);
  // What was asked for while these were loaded.
  for (const [namespace, load] of later) catalogue[namespace] ??= await load(locale);
  document.documentElement.lang = locale;
  tell({ locale, catalogue });
}

function tell(next: Shown): void {
  shown = next;
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

const shownLocale = (): Locale => shown.locale;
const shownNow = (): Shown => shown;

/** The language shown now. Read as well where a part of the page is written out without a browser. */
export const useLocale = (): Locale => useSyncExternalStore(subscribe, shownLocale, shownLocale);

/** The texts of a namespace in the language shown now. `t` stays the same function until the language changes. */
export function useTranslation(namespace: string): { readonly t: Translate; readonly locale: Locale } {
  const { locale, catalogue } = useSyncExternalStore(subscribe, shownNow, shownNow);
  return useMemo(
    () => ({ t: translator(locale, catalogue[namespace] ?? {}), locale }),
    [locale, catalogue, namespace],
  );
}
