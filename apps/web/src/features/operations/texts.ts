import { loadNamespace } from '../../shared/i18n/index.ts';

/** Waits for the texts of this folder. */
export const operationsTexts = (): Promise<void> =>
  loadNamespace('operations', async (locale) =>
    locale === 'zh-CN' ? (await import('./messages/zh-cn.ts')).zhCn : (await import('./messages/en.ts')).en,
  );
