import type { Messages } from '../../../shared/i18n/index.ts';

export const en: Messages = {
  meanwhile_one: 'While this page was offline for {{duration}}, others changed {{count}} place in {{files}}.',
  meanwhile_other:
    'While this page was offline for {{duration}}, others changed {{count}} places in {{files}}.',
  next: 'Show next',
  shown: '{{number}} of {{total}}: {{path}}:{{line}}',
  dismiss: 'Dismiss',
  title: 'What was not saved',
  text: 'Your text compared with the code on the server now. A patch can be applied with git apply.',
  nothing: 'The code on the server has all of it.',
  copy: 'Copy patch',
  copied: 'Copied',
  download: 'Download patch',
  region: 'Changes',
};
