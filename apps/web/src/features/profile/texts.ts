import { loadNamespace } from '../../shared/i18n/index.ts';

/** Waits for the texts of this folder; whoever loads the view of a profile waits for these too. */
export const profileTexts = (): Promise<void> =>
  loadNamespace('profile', async (locale) =>
    locale === 'zh-CN' ? (await import('./messages/zh-cn.ts')).zhCn : (await import('./messages/en.ts')).en,
  );
