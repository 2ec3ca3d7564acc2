import { useMemo } from 'react';
import { translator, useLocale, type Messages, type Translate } from '../../../shared/i18n/index.ts';
import { en } from './archive.en.ts';
import { zhCn } from './archive.zh-cn.ts';

const texts: Readonly<Record<'en' | 'zh-CN', Messages>> = { en, 'zh-CN': zhCn };

/** The texts of zips. They come with their code, which most visits never need. */
export function useArchiveTexts(): { readonly t: Translate } {
  const locale = useLocale();
  return useMemo(() => ({ t: translator(locale, texts[locale]) }), [locale]);
}
