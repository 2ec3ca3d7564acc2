import { loadNamespace } from '../../../shared/i18n/index.ts';

/** Waits for the texts of coverage, which few runs count. */
export const coverageTexts = (): Promise<void> =>
  loadNamespace('coverage', async (locale) =>
    locale === 'zh-CN' ? (await import('./messages/zh-cn.ts')).zhCn : (await import('./messages/en.ts')).en,
  );
