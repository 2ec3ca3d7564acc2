import { expect, it } from 'vitest';
import { en } from './messages/en.ts';
import { zhCn } from './messages/zh-cn.ts';

/** Chinese has one form for every number. */
const keys = (messages: object, at = ''): string[] =>
  Object.entries(messages)
    .flatMap(([key, value]) =>
      typeof value === 'object' ? keys(value as object, `${at}${key}.`) : [`${at}${key}`],
    )
    .filter((key) => !key.endsWith('_one'));

it('is said in both languages', () => {
  expect(keys(zhCn)).toEqual(keys(en));
});
