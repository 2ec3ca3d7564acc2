import type { Locale } from '@lineage/contracts';
import type { Messages } from '../../shared/i18n/index.ts';

/** The texts of the client in one language, loaded alone. Features that are loaded later bring their own. */
export async function loadCatalogue(locale: Locale): Promise<{ app: Messages }> {
  const { messages } = locale === 'zh-CN' ? await import('./zh-cn.ts') : await import('./en.ts');
  return { app: messages };
}
