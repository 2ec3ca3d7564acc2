import { Inject, Injectable } from '@nestjs/common';
import type { Catalog, ExerciseId, Lesson, LessonId, Localized } from '@lineage/contracts';
import { exerciseIdSchema, lessonIdSchema } from '@lineage/contracts';
import {
  type Curriculum,
  type CurriculumLesson,
  type ExerciseFile,
  loadCurriculum,
} from '@lineage/curriculum';
import { CONFIG, type Config } from '../../config/index.ts';
import { notFound } from '../../platform/errors/index.ts';

/** What other features need of an exercise. `checks` never leave the server but for the runner. */
export type CatalogExercise = {
  readonly id: ExerciseId;
  readonly lessonId: LessonId;
  readonly title: Localized;
  readonly files: readonly ExerciseFile[];
  readonly checks: readonly ExerciseFile[];
  readonly requiredTests: readonly string[];
};

/** The curriculum as it was when the server started. A broken one stops the start and says what is wrong. */
@Injectable()
export class CatalogService {
  readonly #curriculum: Curriculum;
  readonly #lessons: ReadonlyMap<string, CurriculumLesson>;
  readonly #exercises: ReadonlyMap<string, CatalogExercise>;

  constructor(@Inject(CONFIG) config: Config) {
    this.#curriculum = loadCurriculum(config.paths.curriculum);
    const lessons = this.#curriculum.chapters.flatMap((chapter) => chapter.lessons);
    this.#lessons = new Map(lessons.map((lesson) => [lesson.id, lesson]));
    this.#exercises = new Map(lessons.map((lesson) => [lesson.exercise.id, toExercise(lesson)]));
  }

  catalog(): Catalog {
    return {
      chapters: this.#curriculum.chapters.map(({ number, title, lessons }) => ({
        number,
        title,
        lessons: lessons.map((lesson) => ({
          id: lessonIdSchema.parse(lesson.id),
          number: lesson.number,
          title: lesson.title,
          minutes: lesson.minutes,
          exerciseId: exerciseIdSchema.parse(lesson.exercise.id),
        })),
      })),
    };
  }

  /** @throws DomainError not_found */
  lesson(id: LessonId): Lesson {
    const lesson = this.#lessons.get(id);
    if (lesson === undefined) throw notFound('lesson');
    const { exercise } = lesson;
    return {
      id,
      number: lesson.number,
      revision: lesson.revision,
      title: lesson.title,
      minutes: lesson.minutes,
      text: lesson.text,
      prediction: lesson.prediction,
      steps: lesson.steps,
      anchors: lesson.anchors,
      exercise: {
        id: exerciseIdSchema.parse(exercise.id),
        title: exercise.title,
        revision: lesson.revision,
        entryFile: exercise.entryFile,
        requiredTests: exercise.requiredTests,
        hasTests: exercise.hasTests,
      },
    };
  }

  /** @throws DomainError not_found */
  async exercise(id: ExerciseId): Promise<CatalogExercise> {
    const exercise = this.#exercises.get(id);
    if (exercise === undefined) throw notFound('exercise');
    return exercise;
  }

  hasLesson(id: LessonId): boolean {
    return this.#lessons.has(id);
  }
}

function toExercise({ id, exercise }: CurriculumLesson): CatalogExercise {
  const { title, files, checks, requiredTests } = exercise;
  return {
    id: exerciseIdSchema.parse(exercise.id),
    lessonId: lessonIdSchema.parse(id),
    title,
    files,
    checks,
    requiredTests,
  };
}
