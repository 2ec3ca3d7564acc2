import { expect, it } from 'vitest';
import { en } from './messages/en.ts';
import { zhCn } from './messages/zh-cn.ts';

it('is said in both languages', () => {
  expect(Object.keys(zhCn)).toEqual(Object.keys(en));
});
