import { useMemo } from 'react';
import { translator, useLocale, type Messages, type Translate } from '../../../shared/i18n/index.ts';
import { en } from './blame.en.ts';
import { zhCn } from './blame.zh-cn.ts';

const texts: Readonly<Record<'en' | 'zh-CN', Messages>> = { en, 'zh-CN': zhCn };

/** The texts of blame. They come with its code, which most visits never need. */
export function useBlameTexts(): { readonly t: Translate } {
  const locale = useLocale();
  return useMemo(() => ({ t: translator(locale, texts[locale]) }), [locale]);
}
