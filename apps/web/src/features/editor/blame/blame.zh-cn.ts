import type { Messages } from '../../../shared/i18n/index.ts';

export const zhCn: Messages = {
  line: '{{name}}，{{when}}',
  lineOthers_other: '{{name}} 和另外 {{count}} 人，{{when}}',
  template: '这一行来自模板。',
  none: '还不知道这一行是谁写的。',
  somebody: '某人',
  atCaret: '这一行是谁写的',
  failed: '现在无法得知各行的作者。更改文件后会再试。',
};
