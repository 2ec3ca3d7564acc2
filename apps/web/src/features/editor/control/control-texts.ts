import { useMemo } from 'react';
import { translator, useLocale, type Messages, type Translate } from '../../../shared/i18n/index.ts';
import { en } from './control.en.ts';
import { zhCn } from './control.zh-cn.ts';

const texts: Readonly<Record<'en' | 'zh-CN', Messages>> = { en, 'zh-CN': zhCn };

/** The texts of room control. They come with its code: a person alone in a workspace loads neither. */
export function useControlTexts(): { readonly t: Translate } {
  const locale = useLocale();
  return useMemo(() => ({ t: translator(locale, texts[locale]) }), [locale]);
}
