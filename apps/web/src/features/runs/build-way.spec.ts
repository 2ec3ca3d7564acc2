import { describe, expect, it } from 'vitest';
import { buildWayOf } from './build-way.ts';
import type { Stage } from './fold-run.ts';

const stage = (name: Stage['name'], detail: string, part: Partial<Stage> = {}): Stage => ({
  name,
  ms: 5,
  detail,
  place: null,
  waitMs: null,
  why: null,
  ...part,
});

describe('the way a program was built', () => {
  it('is told by the link, which knows more than the compiler', () => {
    expect(buildWayOf([stage('compile', 'fast'), stage('link', 'ahead')])?.way).toBe('ahead');
    expect(buildWayOf([stage('compile', 'fast'), stage('link', 'fast')])?.way).toBe('fast');
    expect(buildWayOf([stage('compile', 'cached'), stage('link', 'cached')])?.way).toBe('kept');
  });

  it('says what the go command was needed for', () => {
    const why = 'imports golang.org/x/sync/errgroup';
    expect(buildWayOf([stage('compile', 'go build', { why }), stage('link', 'go build')])).toEqual({
      way: 'goCommand',
      why,
    });
    // What is built for its remarks alone is not linked.
    expect(buildWayOf([stage('compile', 'go build')])).toEqual({ way: 'goCommand', why: null });
  });

  it('is not known before it is built, nor where nothing is', () => {
    expect(buildWayOf([stage('compile', 'go build', { ms: null })])).toBeNull();
    expect(buildWayOf([stage('compile', 'fast')])).toBeNull();
    expect(buildWayOf([stage('compile', 'go vet'), stage('queue', '')])).toBeNull();
  });
});
