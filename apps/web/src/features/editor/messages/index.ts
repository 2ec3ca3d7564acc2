import type { FeatureMessages } from '../../../shared/i18n/index.ts';
import { messages as en } from './en.ts';
import { messages as zh } from './zh-cn.ts';

export const editorMessages: FeatureMessages = { en, 'zh-CN': zh };
