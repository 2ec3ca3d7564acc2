import type { Locale } from '@lineage/contracts';
import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

/** Messages of one language: nested objects of strings. Plurals are `key_one` and `key_other` (Chinese has only `_other`). */
export type Messages = { readonly [key: string]: string | Messages };
/** What a feature exports for its texts. */
export type FeatureMessages = Readonly<Record<Locale, Messages>>;

export const LANGUAGE_KEY = 'lineage.language';
export const locales: readonly Locale[] = ['en', 'zh-CN'];

type LoadCatalogue = (locale: Locale) => Promise<Readonly<Record<string, Messages>>>;

const instance: i18n = i18next.createInstance();
let loadCatalogue: LoadCatalogue = () => Promise.resolve({});

/** The language asked for: the one chosen here before, else the browser's. */
export function preferredLocale(stored: string | null, wanted: readonly string[]): Locale {
  if (stored === 'en' || stored === 'zh-CN') return stored;
  const first = wanted.find((language) => /^(zh|en)\b/i.test(language));
  return first !== undefined && /^zh/i.test(first) ? 'zh-CN' : 'en';
}

/** Starts translation in the preferred language, loading that language's catalogue only. */
export async function startTranslation(load: LoadCatalogue): Promise<i18n> {
  loadCatalogue = load;
  const locale = preferredLocale(localStorage.getItem(LANGUAGE_KEY), navigator.languages);
  await instance.use(initReactI18next).init({
    lng: locale,
    fallbackLng: false,
    defaultNS: 'app',
    ns: ['app'],
    keySeparator: '.',
    interpolation: { escapeValue: false },
    resources: { [locale]: await load(locale) },
    react: { useSuspense: false },
  });
  document.documentElement.lang = locale;
  return instance;
}

/** Changes the language for this browser, keeping the choice. */
export async function chooseLocale(locale: Locale): Promise<void> {
  for (const [namespace, messages] of Object.entries(await loadCatalogue(locale))) {
    instance.addResourceBundle(locale, namespace, messages, true, true);
  }
  localStorage.setItem(LANGUAGE_KEY, locale);
  document.documentElement.lang = locale;
  await instance.changeLanguage(locale);
}

/** Adds the texts of a feature that is loaded later, under its own namespace: `useTranslation('runs')`. */
export function registerMessages(namespace: string, messages: FeatureMessages): void {
  for (const locale of locales) instance.addResourceBundle(locale, namespace, messages[locale], true, true);
}
