import { loadNamespace } from '../../../shared/i18n/index.ts';

/** Waits for the texts of building for other systems. */
export const crossTexts = (): Promise<void> =>
  loadNamespace('cross', async (locale) =>
    locale === 'zh-CN' ? (await import('./messages/zh-cn.ts')).zhCn : (await import('./messages/en.ts')).en,
  );
