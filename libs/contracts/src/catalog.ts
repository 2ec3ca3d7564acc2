import { z } from 'zod';
import { exerciseIdSchema, lessonIdSchema, localizedSchema } from './ids.ts';

export const agendaStepSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['read', 'predict', 'exercise', 'measure', 'discuss']),
    title: localizedSchema,
    minutes: z.int(),
  })
  .meta({ id: 'AgendaStep' });
export type AgendaStep = z.infer<typeof agendaStepSchema>;

export const lessonSummarySchema = z
  .object({
    id: lessonIdSchema,
    number: z.string(),
    title: localizedSchema,
    minutes: z.int(),
    exerciseId: exerciseIdSchema,
  })
  .meta({ id: 'LessonSummary' });
export type LessonSummary = z.infer<typeof lessonSummarySchema>;

export const chapterSchema = z
  .object({ number: z.int(), title: localizedSchema, lessons: z.array(lessonSummarySchema) })
  .meta({ id: 'Chapter' });

export const catalogSchema = z.object({ chapters: z.array(chapterSchema) }).meta({ id: 'Catalog' });
export type Catalog = z.infer<typeof catalogSchema>;

/** A symbol of the pinned Go source that the text speaks about. */
export const anchorSchema = z
  .object({ module: z.string(), package: z.string(), symbol: z.string() })
  .meta({ id: 'Anchor' });

export const exerciseSchema = z
  .object({
    id: exerciseIdSchema,
    title: localizedSchema,
    revision: z.string(),
    entryFile: z.string(),
    /** Names of the checks that decide; their sources never leave the server. */
    requiredTests: z.array(z.string()),
    hasTests: z.boolean(),
  })
  .meta({ id: 'Exercise' });

export const lessonSchema = z
  .object({
    id: lessonIdSchema,
    number: z.string(),
    revision: z.string(),
    title: localizedSchema,
    minutes: z.int(),
    /** Markdown, to be sanitised where it is drawn. */
    text: localizedSchema,
    prediction: z.object({ question: localizedSchema, options: z.array(localizedSchema) }).nullable(),
    steps: z.array(agendaStepSchema),
    anchors: z.array(anchorSchema),
    exercise: exerciseSchema,
  })
  .meta({ id: 'Lesson' });
export type Lesson = z.infer<typeof lessonSchema>;
