import { z } from 'zod';

/** Every entity id is a UUID (v7 when the server makes it); branded so that one cannot stand for another. */
const id = <B extends string>(name: B) => z.uuid().brand<B>().meta({ id: name });

export const accountIdSchema = z.string().min(1).max(64).brand<'AccountId'>().meta({ id: 'AccountId' });
export const cohortIdSchema = id('CohortId');
export const groupIdSchema = id('GroupId');
export const classSessionIdSchema = id('ClassSessionId');
export const workspaceIdSchema = id('WorkspaceId');
export const runIdSchema = id('RunId');
export const artifactIdSchema = id('ArtifactId');
export const artifactLinkIdSchema = id('ArtifactLinkId');
/** A lesson's or exercise's slug in the curriculum, for example `2.1-scheduler`. */
export const lessonIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
  .brand<'LessonId'>()
  .meta({ id: 'LessonId' });
export const exerciseIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
  .brand<'ExerciseId'>()
  .meta({ id: 'ExerciseId' });

export type AccountId = z.infer<typeof accountIdSchema>;
export type CohortId = z.infer<typeof cohortIdSchema>;
export type GroupId = z.infer<typeof groupIdSchema>;
export type ClassSessionId = z.infer<typeof classSessionIdSchema>;
export type WorkspaceId = z.infer<typeof workspaceIdSchema>;
export type RunId = z.infer<typeof runIdSchema>;
export type ArtifactId = z.infer<typeof artifactIdSchema>;
export type ArtifactLinkId = z.infer<typeof artifactLinkIdSchema>;
export type LessonId = z.infer<typeof lessonIdSchema>;
export type ExerciseId = z.infer<typeof exerciseIdSchema>;

/** An instant as RFC 3339 in UTC. Shown in the viewer's zone. */
export const instantSchema = z.iso.datetime();

/** Both languages, always: a text without its twin is a defect. */
export const localizedSchema = z
  .object({ en: z.string().min(1), 'zh-CN': z.string().min(1) })
  .meta({ id: 'Localized' });
export type Localized = z.infer<typeof localizedSchema>;
export const localeSchema = z.enum(['en', 'zh-CN']);
export type Locale = z.infer<typeof localeSchema>;
