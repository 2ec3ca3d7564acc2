import { useMemo } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import type { Phrases } from './codemirror/extensions.ts';

/** CodeMirror's words in the panels that we use, and the keys of our texts for them. */
const keys = {
  Find: 'find',
  Replace: 'replaceWith',
  next: 'next',
  previous: 'previous',
  all: 'all',
  'match case': 'matchCase',
  regexp: 'regexp',
  'by word': 'byWord',
  replace: 'replace',
  'replace all': 'replaceAll',
  close: 'close',
  'current match': 'currentMatch',
  'replaced match on line $': 'replacedOne',
  'replaced $ matches': 'replacedMany',
  'on line': 'onLine',
  'Go to line': 'goToLine',
  go: 'go',
  'Selection deleted': 'selectionDeleted',
  'Control character': 'controlCharacter',
} as const;

/** CodeMirror's own words in the language of the page. */
export function usePhrases(): Phrases {
  const { t } = useTranslation('editor');
  return useMemo(
    () => Object.fromEntries(Object.entries(keys).map(([phrase, key]) => [phrase, t(`phrase.${key}`)])),
    [t],
  );
}
