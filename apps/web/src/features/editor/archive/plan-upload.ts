import { MAX_FILES, MAX_TEXT_BYTES, pathKey, type PathProblem, pathProblem } from '@lineage/collab';
import type { ZipFile } from './zip-reader.ts';

type Text = { readonly path: string; readonly content: string };
/** Why a file of a zip is left out. */
export type LeftOut = PathProblem | 'binary' | 'link' | 'git' | 'system' | 'twice' | 'file_for_folder';
export type UploadPlan = {
  readonly files: readonly (Text & { readonly kind: 'new' | 'changed' | 'same' })[];
  readonly leftOut: readonly { readonly path: string; readonly why: LeftOut }[];
  /** What the workspace would have then, and which limit that breaks. */
  readonly fileCount: number;
  readonly textBytes: number;
  readonly tooMuch: 'files' | 'text' | null;
};

const encoder = new TextEncoder();
export const textBytes = (files: readonly Text[]): number =>
  files.reduce((sum, { content }) => sum + encoder.encode(content).length, 0);

/** What of a zip would go into a workspace, beside the files that it has; those of one path are replaced. */
export function planUpload(zip: readonly ZipFile[], present: readonly Text[]): UploadPlan {
  const prefix = commonFolder(zip.map(({ name }) => name));
  const taken = new Set<string>();
  const files: UploadPlan['files'][number][] = [];
  const leftOut: UploadPlan['leftOut'][number][] = [];
  const byKey = new Map(present.map((file) => [pathKey(file.path), file]));
  for (const { name, content } of zip) {
    const path = name.slice(prefix.length);
    const text = content === null ? null : decoded(content);
    const why = whyLeftOut(path, content, text, taken, byKey);
    if (why !== null || text === null) {
      leftOut.push({ path: shownPath(path), why: why ?? 'binary' });
      continue;
    }
    taken.add(pathKey(path));
    const before = byKey.get(pathKey(path));
    const kind = before === undefined ? 'new' : before.content === text ? 'same' : 'changed';
    files.push({ path: before?.path ?? path, content: text, kind });
  }
  const after = [...present.filter(({ path }) => !taken.has(pathKey(path))), ...files];
  const total = textBytes(after);
  const tooMuch = after.length > MAX_FILES ? 'files' : total > MAX_TEXT_BYTES ? 'text' : null;
  return { files, leftOut, fileCount: after.length, textBytes: total, tooMuch };
}

function whyLeftOut(
  path: string,
  content: Uint8Array | null,
  text: string | null,
  taken: ReadonlySet<string>,
  present: ReadonlyMap<string, Text>,
): LeftOut | null {
  if (/(^|\/)\.git\//i.test(path)) return 'git';
  if (/(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$)/i.test(path)) return 'system';
  const problem = pathProblem(path);
  if (problem !== null) return problem;
  if (content === null) return 'link';
  if (text === null) return 'binary';
  if (taken.has(pathKey(path))) return 'twice';
  const key = pathKey(path);
  const clashes = [...taken, ...present.keys()].some(
    (other) => other.startsWith(`${key}/`) || key.startsWith(`${other}/`),
  );
  return clashes ? 'file_for_folder' : null;
}

/** Text with `\n` line ends and without a mark of its encoding; null when it is none. */
function decoded(content: Uint8Array): string | null {
  if (content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content).replace(/\r\n?/g, '\n');
  } catch {
    return null;
  }
}

/** A folder that everything is in: an archive of a repository has one. */
function commonFolder(names: readonly string[]): string {
  const [first] = names;
  const folder = first === undefined ? -1 : first.indexOf('/');
  if (first === undefined || folder <= 0) return '';
  const prefix = first.slice(0, folder + 1);
  // A folder that may not be is named in the refusal, not taken away.
  if (pathProblem(prefix.slice(0, -1)) !== null) return '';
  return names.every((name) => name.startsWith(prefix)) ? prefix : '';
}

/** Names are hostile, and are shown. */
const shownPath = (path: string): string => path.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd').slice(0, 120);
