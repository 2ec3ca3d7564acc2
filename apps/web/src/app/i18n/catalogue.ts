import type { Locale } from '@lineage/contracts';
import type { Catalogue } from '../../shared/i18n/index.ts';

/** The texts of the client in one language, loaded alone. */
export async function loadCatalogue(locale: Locale): Promise<Catalogue> {
  const { catalogue } = locale === 'zh-CN' ? await import('./zh-cn.ts') : await import('./en.ts');
  return catalogue;
}
