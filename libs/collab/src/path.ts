import { MAX_PATH_BYTES, MAX_PATH_DEPTH } from './limits.ts';

/** Why a path is refused; a closed list, so that a client can say it in its language. */
export type PathProblem =
  | 'empty'
  | 'too_long'
  | 'too_deep'
  | 'absolute'
  | 'dot_segment'
  | 'control'
  | 'forbidden_character'
  | 'bad_end'
  | 'not_normal'
  | 'mixed_scripts';

const encoder = new TextEncoder();
// Controls, format characters (bidi overrides, zero-width), lone surrogates, private use, line and paragraph separators.
const invisible = /[\p{C}\p{Zl}\p{Zp}]/u;
const reserved = /[<>:"|?*\\]/;
const latin = /\p{Script=Latin}/u;
// Scripts with letters that look like Latin ones.
const latinTwins =
  /[\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;

/**
 * Null when `path` may name a file of a workspace: relative, `/`-separated, at most 255 bytes and eight segments, in
 * normal form, without characters that cannot be seen or that another script could be mistaken for.
 */
export function pathProblem(path: string): PathProblem | null {
  if (path === '') return 'empty';
  if (encoder.encode(path).length > MAX_PATH_BYTES) return 'too_long';
  if (invisible.test(path)) return 'control';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'absolute';
  if (reserved.test(path)) return 'forbidden_character';
  if (path.normalize('NFC') !== path || path.normalize('NFKC') !== path) return 'not_normal';
  const segments = path.split('/');
  if (segments.length > MAX_PATH_DEPTH) return 'too_deep';
  if (segments.some((s) => s === '')) return 'empty';
  if (segments.some((s) => s === '.' || s === '..')) return 'dot_segment';
  if (segments.some((s) => /^\s|[\s.]$/u.test(s))) return 'bad_end';
  return latin.test(path) && latinTwins.test(path) ? 'mixed_scripts' : null;
}

/** Two paths with the same key clash on a file system that ignores case. */
export const pathKey = (path: string): string => path.normalize('NFC').toLowerCase();
