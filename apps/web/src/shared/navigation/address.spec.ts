import { describe, expect, it } from 'vitest';
import { matchPath, withSearch } from './address.ts';

describe('matchPath', () => {
  it('gives the parameters of a path that fits', () => {
    expect(matchPath('/', '/')).toEqual({});
    expect(matchPath('/cohorts/:cohortId', '/cohorts/a%2Fb/')).toEqual({ cohortId: 'a/b' });
  });

  it('refuses paths of another length, with other words, or with a broken escape', () => {
    expect(matchPath('/cohorts/new', '/cohorts/old')).toBeNull();
    expect(matchPath('/cohorts', '/cohorts/1')).toBeNull();
    expect(matchPath('/cohorts/:cohortId', '/cohorts/%E0%A4%A')).toBeNull();
  });
});

describe('withSearch', () => {
  it('changes what is named and keeps the rest', () => {
    expect(withSearch('/w/1', '?tab=tests&run=7', { run: undefined, line: 3 })).toBe('/w/1?tab=tests&line=3');
    expect(withSearch('/w/1', '?tab=tests', { tab: undefined })).toBe('/w/1');
  });
});
