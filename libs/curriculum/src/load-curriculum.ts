import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { CurriculumError } from './curriculum-error.ts';
import { type ExerciseFile, readFiles } from './read-files.ts';
import { type ChapterFile, chapterFileSchema, type LessonFile, lessonFileSchema } from './schema.ts';

/** What is taught in one lesson, and the exercise that belongs to it. `solution/` is not here: only a proof reads it. */
export type CurriculumLesson = Omit<LessonFile, 'exercise'> & {
  /** Folder of the lesson, for tools that prove it. */
  readonly dir: string;
  /** Hash of everything a learner gets: changes when any of it does. */
  readonly revision: string;
  /** Markdown. */
  readonly text: { readonly en: string; readonly 'zh-CN': string };
  readonly exercise: LessonFile['exercise'] & {
    readonly files: readonly ExerciseFile[];
    readonly checks: readonly ExerciseFile[];
  };
};
export type CurriculumChapter = ChapterFile & { readonly lessons: readonly CurriculumLesson[] };
export type Curriculum = { readonly chapters: readonly CurriculumChapter[] };

/**
 * Reads and checks a whole curriculum: `<chapter>/chapter.yaml`, `<chapter>/<lesson>/lesson.yaml`, texts, starter and
 * checks. Chapters and lessons come in the order of their numbers.
 * @throws CurriculumError with every problem found
 */
export function loadCurriculum(root: string): Curriculum {
  const problems: string[] = [];
  const chapters = folders(root)
    .filter((name) => fs.existsSync(path.join(root, name, 'chapter.yaml')))
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
  return Object.freeze({ chapters: Object.freeze(chapters) });
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
  return chapter === null ? null : Object.freeze({ ...chapter, lessons: Object.freeze(lessons) });
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
  if (!files.some((file) => file.path === exercise.entryFile))
    problems.push(`${shown}: starter has no ${exercise.entryFile}`);
  const declared = checks.map(({ content }) => new TextDecoder().decode(content)).join('\n');
  for (const name of exercise.requiredTests) {
    if (!declared.includes(`func ${name}(`)) problems.push(`${shown}: checks declare no ${name}`);
  }
  for (const { patch, check } of exercise.faults) {
    if (!fs.existsSync(path.join(dir, 'faults', patch))) problems.push(`${shown}: faults has no ${patch}`);
    if (!exercise.requiredTests.includes(check))
      problems.push(`${shown}: ${patch} names ${check}, which is no required test`);
  }
  const revision = hash([
    JSON.stringify(lesson),
    text.en,
    text['zh-CN'],
    ...files.flatMap(({ path: at, content }) => [at, content]),
  ]);
  return Object.freeze({
    ...lesson,
    dir,
    revision,
    text,
    exercise: Object.freeze({ ...exercise, files, checks }),
  });
}

function readYaml<S extends z.ZodType>(
  file: string,
  shown: string,
  schema: S,
  problems: string[],
): z.output<S> | null {
  if (!fs.existsSync(file)) {
    problems.push(`${shown} is missing`);
    return null;
  }
  let raw: unknown;
  try {
    raw = parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    problems.push(`${shown}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues)
    problems.push(`${shown}: ${issue.path.join('.')}: ${issue.message}`);
  return null;
}

function readText(dir: string, shown: string, locale: string, problems: string[]): string {
  const file = path.join(dir, `lesson.${locale}.md`);
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  if (text.trim() === '') problems.push(`${shown}/lesson.${locale}.md is missing or empty`);
  return text;
}

function readFolder(dir: string, shown: string, name: string, problems: string[]): readonly ExerciseFile[] {
  try {
    const files = readFiles(path.join(dir, name));
    if (files.length === 0) problems.push(`${shown}/${name} is empty`);
    return Object.freeze(files);
  } catch (error) {
    problems.push(`${shown}/${name}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function folders(dir: string): string[] {
  if (!fs.existsSync(dir)) return [];
  return fs
    .readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function hash(parts: readonly (string | Uint8Array)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex').slice(0, 16);
}
