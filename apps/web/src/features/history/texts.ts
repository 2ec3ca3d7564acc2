import { loadNamespace } from '../../shared/i18n/index.ts';

/** Waits for the texts of this folder; whoever loads a view of it waits for these too. */
export const historyTexts = (): Promise<void> =>
  loadNamespace('history', async (locale) =>
    locale === 'zh-CN' ? (await import('./messages/zh-cn.ts')).zhCn : (await import('./messages/en.ts')).en,
  );
