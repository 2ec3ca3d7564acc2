export { formatFor, useFormat, type Format } from './format.ts';
export {
  chooseLocale,
  locales,
  preferredLocale,
  registerMessages,
  startTranslation,
  type FeatureMessages,
  type Messages,
} from './i18n.ts';
