import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CurriculumError, loadCurriculum } from './index.ts';

const real = path.resolve(import.meta.dirname, '../../../curriculum');
let root: string;
const lesson = '2-runtime/2.2-allocator';
const at = (name: string): string => path.join(root, lesson, name);

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'lineage-curriculum-'));
  fs.cpSync(real, root, { recursive: true });
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function replace(name: string, from: string, to: string): void {
  const text = fs.readFileSync(at(name), 'utf8');
  expect(text).toContain(from);
  fs.writeFileSync(at(name), text.replace(from, to));
}

function problems(): readonly string[] {
  try {
    loadCurriculum(root);
  } catch (error) {
    if (error instanceof CurriculumError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadCurriculum', () => {
  it('loads the curriculum that is taught, in the order of its numbers', () => {
    const { chapters } = loadCurriculum(real);
    expect(chapters.map(({ number }) => number)).toEqual([1, 2]);
    expect(chapters.flatMap(({ lessons }) => lessons.map(({ number }) => number))).toEqual([
      '1.1',
      '2.1',
      '2.2',
    ]);
  });

  it('freezes what it gives, to the last field', () => {
    const loaded = loadCurriculum(real).chapters[0]?.lessons[0];
    expect(Object.isFrozen(loaded?.exercise.requiredTests)).toBe(true);
    expect(Object.isFrozen(loaded?.title)).toBe(true);
    expect(Object.isFrozen(loaded?.exercise.files[0])).toBe(true);
  });

  it('gives no file of solution or faults', () => {
    const secret = '// only the solution says this\n';
    fs.appendFileSync(at('solution/store.go'), secret);
    const { chapters } = loadCurriculum(root);
    const files = chapters.flatMap(({ lessons }) =>
      lessons.flatMap(({ exercise }) => [...exercise.files, ...exercise.checks]),
    );
    expect(files.map(({ path: name }) => name).filter((name) => /solution|patch/.test(name))).toEqual([]);
    expect(files.filter(({ content }) => Buffer.from(content).includes(secret))).toEqual([]);
  });

  it.each(['lesson.zh-CN.md', 'lesson.yaml', 'starter/store.go', 'checks/store_checks_test.go'])(
    'changes the revision when %s changes, and not for the solution',
    (name) => {
      const { revision } = loadCurriculum(root);
      fs.appendFileSync(at('solution/store.go'), '\n');
      expect(loadCurriculum(root).revision).toBe(revision);
      if (name === 'lesson.yaml') replace(name, 'minutes: 75', 'minutes: 76');
      else fs.appendFileSync(at(name), '\n');
      expect(loadCurriculum(root).revision).not.toBe(revision);
    },
  );

  it('lists every problem with its file and field', () => {
    fs.rmSync(at('lesson.zh-CN.md'));
    replace('lesson.yaml', 'minutes: 75', 'minutes: many');
    fs.writeFileSync(path.join(root, '1-opening/chapter.yaml'), 'number: 1\ntitle: { en: Opening }\n');
    expect(problems()).toEqual([
      expect.stringMatching(/^1-opening\/chapter\.yaml: title\.zh-CN: /),
      expect.stringMatching(/^2-runtime\/2\.2-allocator\/lesson\.yaml: minutes: /),
      '2-runtime/2.2-allocator/lesson.zh-CN.md: is missing',
    ]);
  });

  it('names an entry file, a check and a patch that are not there', () => {
    replace('lesson.yaml', 'entryFile: store.go', 'entryFile: shop.go');
    replace('lesson.yaml', '    - TestGrowthDoesNotCopy\n', '    - TestGrowthIsFree\n');
    fs.rmSync(at('faults/tiny-chunks.patch'));
    const shown = `${lesson}/lesson.yaml: exercise`;
    expect(problems()).toEqual([
      `${shown}.entryFile: starter has no shop.go`,
      `${shown}.requiredTests: the checks declare no TestGrowthIsFree`,
      `${shown}.faults: there is no faults/tiny-chunks.patch`,
      `${shown}.faults: growing-columns.patch names TestGrowthDoesNotCopy, which is no required test`,
    ]);
  });

  it.each(['lesson.yaml', 'lesson.en.md', 'starter/reading.go'])(
    'refuses to follow a link in place of %s',
    (name) => {
      const elsewhere = path.join(root, 'elsewhere');
      fs.renameSync(at(name), elsewhere);
      fs.symlinkSync(elsewhere, at(name));
      expect(problems()).toEqual([expect.stringContaining('is a link, and links are not followed')]);
    },
  );

  it('refuses a text that is too large, is no UTF-8, or holds HTML', () => {
    fs.writeFileSync(at('lesson.en.md'), 'a'.repeat(256 * 1024 + 1));
    expect(problems()).toEqual([`${lesson}/lesson.en.md: is larger than 262144 bytes`]);
    fs.writeFileSync(at('lesson.en.md'), Uint8Array.of(0xff, 0xfe));
    expect(problems()).toEqual([expect.stringMatching(/lesson\.en\.md: .*not valid/)]);
    fs.writeFileSync(at('lesson.en.md'), 'a `<b>` is code, <https://go.dev> a link, <b>this</b> is HTML');
    expect(problems()).toEqual([`${lesson}/lesson.en.md: raw HTML is not Markdown: <b`]);
  });

  it('says so when a folder has no chapter, two lessons have one id, or nothing is there', () => {
    fs.rmSync(path.join(root, '1-opening/chapter.yaml'));
    replace('lesson.yaml', 'id: 2.2-allocator\nnumber', 'id: 2.1-scheduler\nnumber');
    expect(problems()).toEqual([
      '1-opening/chapter.yaml: is missing',
      'two lessons have the id 2.1-scheduler',
    ]);
    fs.rmSync(root, { recursive: true });
    expect(problems()).toEqual([`${root} has no lesson`]);
  });
});
