export { formatFor, useFormat, type Format } from './format.ts';
export {
  chooseLocale,
  loadNamespace,
  preferredLocale,
  startTranslation,
  translator,
  useLocale,
  useTranslation,
  type Catalogue,
  type Messages,
  type Translate,
} from './i18n.ts';
