import { loadNamespace } from '../../../shared/i18n/index.ts';

/** Waits for the texts of the dialog of options. */
export const optionsTexts = (): Promise<void> =>
  loadNamespace('runOptions', async (locale) =>
    locale === 'zh-CN' ? (await import('./messages/zh-cn.ts')).zhCn : (await import('./messages/en.ts')).en,
  );
