import type { Messages } from '../../shared/i18n/index.ts';

/** Each text with its whole key, such as `run.stop`. */
export function textsOf(messages: Messages, prefix = ''): [key: string, text: string][] {
  return Object.entries(messages).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}${key}`, value]] : textsOf(value, `${prefix}${key}.`),
  );
}

/** What code asks for: the key without the plural. */
export const keyOf = (key: string): string => key.replace(/_(one|other)$/, '');

/** The slots that each key's text fills. Of plurals `_other` counts: `_one` may leave its number out. */
export function slotsOf(messages: Messages): Map<string, string> {
  const texts = textsOf(messages).filter(([key]) => !key.endsWith('_one'));
  const slots = (text: string): string => [...new Set(text.match(/\{\{\w+\}\}/g))].toSorted().join();
  return new Map(texts.map(([key, text]) => [keyOf(key), slots(text)]));
}
