import { z } from 'zod';

/** A text in both languages: one without its twin is a defect. */
export const localizedSchema = z.strictObject({ en: z.string().min(1), 'zh-CN': z.string().min(1) });
const slug = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/);

/** `chapter.yaml`. */
export const chapterFileSchema = z.strictObject({ number: z.int().min(1), title: localizedSchema });

/** `lesson.yaml`; the texts lie beside it as `lesson.en.md` and `lesson.zh-CN.md`. */
export const lessonFileSchema = z.strictObject({
  id: slug,
  number: z.string().regex(/^\d+\.\d+$/),
  title: localizedSchema,
  minutes: z.int().min(1).max(240),
  prediction: z
    .strictObject({ question: localizedSchema, options: z.array(localizedSchema).min(2).max(8) })
    .nullable(),
  steps: z
    .array(
      z.strictObject({
        id: slug,
        kind: z.enum(['read', 'predict', 'exercise', 'measure', 'discuss']),
        title: localizedSchema,
        minutes: z.int().min(1).max(120),
      }),
    )
    .min(1)
    .refine((steps) => new Set(steps.map(({ id }) => id)).size === steps.length, 'two steps have one id'),
  /** Symbols of the pinned Go source that the text speaks about, such as `runtime` and `findRunnable`. */
  anchors: z.array(z.strictObject({ module: z.string(), package: z.string(), symbol: z.string() })),
  exercise: z.strictObject({
    id: slug,
    title: localizedSchema,
    entryFile: z.string(),
    /** Whether the starter has tests of its own that a learner can run. */
    hasTests: z.boolean(),
    /** The checks that have to run; the order is the one that is shown. */
    requiredTests: z.array(z.string().regex(/^Test\w+$/)).min(1),
    /** A patch of the solution, and the check that it has to turn red. */
    faults: z
      .array(z.strictObject({ patch: z.string().regex(/^[a-z0-9-]+\.patch$/), check: z.string() }))
      .min(1),
  }),
});
export type LessonFile = z.infer<typeof lessonFileSchema>;
export type ChapterFile = z.infer<typeof chapterFileSchema>;
