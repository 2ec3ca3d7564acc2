import { loadNamespace } from '../../../shared/i18n/index.ts';

/** Waits for the texts of this folder; whoever loads the view of a trace waits for these too. */
export const traceTexts = (): Promise<void> =>
  loadNamespace('trace', async (locale) =>
    locale === 'zh-CN' ? (await import('./messages/zh-cn.ts')).zhCn : (await import('./messages/en.ts')).en,
  );
