import { nackReasons } from '@lineage/collab';
import { expect, it } from 'vitest';
import { translator } from '../../../shared/i18n/index.ts';
import { messages } from './en.ts';

it('says why an edit was refused, for every reason that discards it', () => {
  const t = translator('en', messages);
  const discarding = nackReasons.filter((reason) => reason !== 'storage' && reason !== 'gap');
  expect(discarding.filter((reason) => t(`lost.${reason}`) === `lost.${reason}`)).toEqual([]);
});
