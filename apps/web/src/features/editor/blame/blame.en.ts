import type { Messages } from '../../../shared/i18n/index.ts';

export const en: Messages = {
  line: '{{name}}, {{when}}',
  lineOthers_one: '{{name}} and {{count}} other, {{when}}',
  lineOthers_other: '{{name}} and {{count}} others, {{when}}',
  template: 'This line came with the template.',
  none: 'Who wrote this line is not known yet.',
  somebody: 'Somebody',
  atCaret: 'Who wrote this line',
  failed: 'Who wrote the lines cannot be told now. It is tried again when you change the file.',
};
