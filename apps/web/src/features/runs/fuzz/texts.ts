import { loadNamespace } from '../../../shared/i18n/index.ts';

/** Waits for the texts of fuzzing. */
export const fuzzTexts = (): Promise<void> =>
  loadNamespace('fuzz', async (locale) =>
    locale === 'zh-CN' ? (await import('./messages/zh-cn.ts')).zhCn : (await import('./messages/en.ts')).en,
  );
