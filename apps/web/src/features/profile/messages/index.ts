import type { FeatureMessages } from '../../../shared/i18n/index.ts';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

export const profileMessages: FeatureMessages = { en, 'zh-CN': zhCn };
