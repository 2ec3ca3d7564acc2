import { useMemo } from 'react';
import { translator, useLocale, type Messages, type Translate } from '../../../shared/i18n/index.ts';

export const en: Messages = {
  meanwhile_one: 'While this page was offline for {{duration}}, others changed {{count}} place in {{files}}.',
  meanwhile_other:
    'While this page was offline for {{duration}}, others changed {{count}} places in {{files}}.',
  next: 'Show next',
  shown: '{{number}} of {{total}}: {{path}}:{{line}}',
  dismiss: 'Dismiss',
  title: 'What was not saved',
  text: 'Your text compared with the code on the server now. A patch can be applied with git apply.',
  nothing: 'The code on the server has all of it.',
  copy: 'Copy patch',
  copied: 'Copied',
  download: 'Download patch',
  region: 'Changes',
};

export const zhCn: Messages = {
  meanwhile_other: '本页离线 {{duration}} 期间，其他人修改了 {{files}} 中的 {{count}} 处。',
  next: '查看下一处',
  shown: '第 {{number}} 处，共 {{total}} 处：{{path}}:{{line}}',
  dismiss: '关闭提示',
  title: '没有保存的内容',
  text: '你的文字与服务器上现有代码的对比。补丁可以用 git apply 应用。',
  nothing: '服务器上的代码已包含全部内容。',
  copy: '复制补丁',
  copied: '已复制',
  download: '下载补丁',
  region: '改动',
};

const texts: Readonly<Record<'en' | 'zh-CN', Messages>> = { en, 'zh-CN': zhCn };

/** The texts of coming back. They come with its code, which most visits never need. */
export function useAwayTexts(): { readonly t: Translate } {
  const locale = useLocale();
  return useMemo(() => ({ t: translator(locale, texts[locale]) }), [locale]);
}
