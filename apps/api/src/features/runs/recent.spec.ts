import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

it('knows the names that were seen last', () => {
  const recent = new Recent(2);
  expect([recent.isNew('a'), recent.isNew('b'), recent.isNew('a')]).toEqual([true, true, false]);
  // The oldest is not the first that came, but the one that was not seen for longest.
  recent.isNew('c');
  expect([recent.isNew('a'), recent.isNew('b')]).toEqual([false, true]);
});
