import { loadNamespace } from '../../../shared/i18n/index.ts';

/** Waits for the texts of what is in this folder; whoever loads a part of it waits for these too. */
export const findingsTexts = (): Promise<void> =>
  loadNamespace('findings', async (locale) =>
    locale === 'zh-CN' ? (await import('./messages/zh-cn.ts')).zhCn : (await import('./messages/en.ts')).en,
  );
