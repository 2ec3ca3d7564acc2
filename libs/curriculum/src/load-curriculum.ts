import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { CurriculumError } from './curriculum-error.ts';
import { type ExerciseFile, readFiles, readRegularFile } from './read-files.ts';
import { type ChapterFile, chapterFileSchema, type LessonFile, lessonFileSchema } from './schema.ts';

/** What is taught in one lesson, and the exercise that belongs to it. `solution/` is not here: only a proof reads it. */
export type CurriculumLesson = Omit<LessonFile, 'exercise'> & {
  /** Folder of the lesson, for tools that prove it. */
  readonly dir: string;
  /** Hash of text, starter and checks: changes when any of them does. */
  readonly revision: string;
  /** Markdown. */
  readonly text: { readonly en: string; readonly 'zh-CN': string };
  readonly exercise: LessonFile['exercise'] & {
    readonly files: readonly ExerciseFile[];
    readonly checks: readonly ExerciseFile[];
  };
};
export type CurriculumChapter = ChapterFile & { readonly lessons: readonly CurriculumLesson[] };
export type Curriculum = {
  /** Hash of all that was read: two servers with the same one teach the same. */
  readonly revision: string;
  readonly chapters: readonly CurriculumChapter[];
};

/** Folder of the Go module that names which modules of third parties exercises may import; no chapter. */
const MODULES = 'modules';

/**
 * Reads and checks a whole curriculum: `<chapter>/chapter.yaml`, `<chapter>/<lesson>/lesson.yaml`, texts, starter and
 * checks. Chapters and lessons come in the order of their numbers.
 * @throws CurriculumError with every problem found
 */
export function loadCurriculum(root: string): Curriculum {
  const problems: string[] = [];
  const chapters = folders(root)
    .filter((name) => name !== MODULES)
    .map((name) => loadChapter(root, name, problems))
    .filter((chapter) => chapter !== null)
    .sort((a, b) => a.number - b.number);
  const lessons = chapters.flatMap((chapter) => chapter.lessons);
  for (const kind of ['lesson', 'exercise'] as const) {
    const ids = lessons.map((lesson) => (kind === 'lesson' ? lesson.id : lesson.exercise.id));
    for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at)))
      problems.push(`two ${kind}s have the id ${id}`);
  }
  if (lessons.length === 0 && problems.length === 0) problems.push(`${root} has no lesson`);
  if (problems.length > 0) throw new CurriculumError(problems);
  const revision = hash([
    ...chapters.map(({ number, title }) => JSON.stringify({ number, title })),
    ...lessons.map((lesson) => lesson.revision),
  ]);
  return deepFreeze({ revision, chapters });
}

function loadChapter(root: string, name: string, problems: string[]): CurriculumChapter | null {
  const dir = path.join(root, name);
  const chapter = readYaml(
    path.join(dir, 'chapter.yaml'),
    path.join(name, 'chapter.yaml'),
    chapterFileSchema,
    problems,
  );
  const lessons = folders(dir)
    .map((lesson) => loadLesson(path.join(dir, lesson), path.join(name, lesson), problems))
    .filter((lesson) => lesson !== null)
    .sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }));
  return chapter === null ? null : { ...chapter, lessons };
}

function loadLesson(dir: string, shown: string, problems: string[]): CurriculumLesson | null {
  const lesson = readYaml(
    path.join(dir, 'lesson.yaml'),
    path.join(shown, 'lesson.yaml'),
    lessonFileSchema,
    problems,
  );
  const text = { en: readText(dir, shown, 'en', problems), 'zh-CN': readText(dir, shown, 'zh-CN', problems) };
  const files = readFolder(dir, shown, 'starter', problems);
  const checks = readFolder(dir, shown, 'checks', problems);
  if (lesson === null) return null;
  const { exercise } = lesson;
  // A folder that could not be read has been reported: what is missing for that reason is not said again.
  if (files.length > 0 && !files.some((file) => file.path === exercise.entryFile))
    problems.push(`${shown}/lesson.yaml: exercise.entryFile: starter has no ${exercise.entryFile}`);
  const declared = checks.map(({ content }) => new TextDecoder().decode(content)).join('\n');
  for (const name of exercise.requiredTests) {
    if (checks.length > 0 && !declared.includes(`func ${name}(`))
      problems.push(`${shown}/lesson.yaml: exercise.requiredTests: the checks declare no ${name}`);
  }
  for (const { patch, check } of exercise.faults) {
    if (!fs.existsSync(path.join(dir, 'faults', patch)))
      problems.push(`${shown}/lesson.yaml: exercise.faults: there is no faults/${patch}`);
    if (!exercise.requiredTests.includes(check))
      problems.push(
        `${shown}/lesson.yaml: exercise.faults: ${patch} names ${check}, which is no required test`,
      );
  }
  const revision = hash([
    JSON.stringify(lesson),
    text.en,
    text['zh-CN'],
    ...[...files, ...checks].flatMap(({ path: at, content }) => [at, content]),
  ]);
  return { ...lesson, dir, revision, text, exercise: { ...exercise, files, checks } };
}

function readYaml<S extends z.ZodType>(
  file: string,
  shown: string,
  schema: S,
  problems: string[],
): z.output<S> | null {
  let raw: unknown;
  try {
    raw = parse(utf8(readRegularFile(file)), { maxAliasCount: 0 });
  } catch (error) {
    problems.push(`${shown}: ${messageOf(error)}`);
    return null;
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues)
    problems.push([shown, issue.path.join('.'), issue.message].filter(Boolean).join(': '));
  return null;
}

function readText(dir: string, shown: string, locale: string, problems: string[]): string {
  const name = `lesson.${locale}.md`;
  try {
    const text = utf8(readRegularFile(path.join(dir, name)));
    if (text.trim() === '') problems.push(`${shown}/${name}: is empty`);
    const html = rawHtml.exec(text.replaceAll(code, ''));
    if (html !== null) problems.push(`${shown}/${name}: raw HTML is not Markdown: ${html[0]}`);
    return text;
  } catch (error) {
    problems.push(`${shown}/${name}: ${messageOf(error)}`);
    return '';
  }
}

/** Fenced blocks and code spans, in which a less-than sign is only that. */
const code = /```[^]*?```|`[^`\n]*`/g;
const rawHtml = /<(?:!--|\/?[a-z][a-z0-9-]*(?=[\s/>]))/i;

function readFolder(dir: string, shown: string, name: string, problems: string[]): readonly ExerciseFile[] {
  try {
    const files = readFiles(path.join(dir, name));
    if (files.length === 0) problems.push(`${shown}/${name}: has no files`);
    return files;
  } catch (error) {
    problems.push(`${shown}/${name}: ${messageOf(error)}`);
    return [];
  }
}

function folders(dir: string): string[] {
  if (!fs.existsSync(dir)) return [];
  return fs
    .readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

function hash(parts: readonly (string | Uint8Array)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex').slice(0, 16);
}

/** @throws Error for bytes that are no UTF-8 */
const utf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value) as unknown[]) {
    // The bytes of a file cannot be frozen.
    if (typeof inner === 'object' && inner !== null && !(inner instanceof Uint8Array)) deepFreeze(inner);
  }
  return Object.freeze(value);
}
