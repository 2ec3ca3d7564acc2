import { expect, it } from 'vitest';
import { en as runsEn } from '../messages/en.ts';
import { zhCn as runsZhCn } from '../messages/zh-cn.ts';
import { en } from './messages/en.ts';
import { zhCn } from './messages/zh-cn.ts';

/** Chinese has one form for every number. */
const keys = (messages: object, at = ''): string[] =>
  Object.entries(messages)
    .flatMap(([key, value]) =>
      typeof value === 'object' ? keys(value as object, `${at}${key}.`) : [`${at}${key}`],
    )
    .filter((key) => !key.endsWith('_one'))
    .toSorted();

it('say the same in both languages', () => {
  expect(keys(zhCn)).toEqual(keys(en));
  expect(keys(runsZhCn)).toEqual(keys(runsEn));
});
