import type { ClassSession, Lesson } from '@lineage/contracts';
import {
  replaceEqualDeep,
  useQueries,
  useQuery,
  useQueryClient,
  type UseQueryOptions,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { routeKey, routeQuery, type ApiError } from '../../shared/api/index.ts';
import { useWatchClass } from '../../shared/socket/index.ts';
import { agendaOf, type AgendaItem } from './agenda.ts';
import { foldEvents, keepNewer, withCard } from './fold-class.ts';

export type LiveClass = {
  readonly session: ClassSession | undefined;
  readonly lessons: readonly Lesson[];
  readonly agenda: readonly AgendaItem[];
  readonly error: ApiError | null;
  readonly refetch: () => void;
};

/** The query of a class session. An answer that was on its way while events came in does not take them back. */
export function classQuery(classSessionId: string): UseQueryOptions<ClassSession, ApiError> {
  return {
    ...routeQuery('getClassSession', { params: { classSessionId } }),
    structuralSharing: (old: unknown, fresh: unknown): unknown =>
      replaceEqualDeep(old, keepNewer(old as ClassSession | undefined, fresh as ClassSession)),
  };
}

/** A class session as it is now: read once, then kept true by its events. Null is no session. */
export function useClassSession(classSessionId: string | null): LiveClass {
  const queryClient = useQueryClient();
  const input = { params: { classSessionId: classSessionId ?? '' } };
  const key = routeKey('getClassSession', input);
  const {
    data: session,
    error,
    refetch,
  } = useQuery({ ...classQuery(classSessionId ?? ''), enabled: classSessionId !== null });
  const read = (): ClassSession | undefined => queryClient.getQueryData<ClassSession>(key);
  const change = (next: (old: ClassSession) => ClassSession): void => {
    queryClient.setQueryData<ClassSession>(key, (old) => (old === undefined ? old : next(old)));
  };
  useWatchClass(classSessionId, {
    lastSeq: () => read()?.state.seq ?? 0,
    onEvents: (events) => {
      const old = read();
      const folded = old === undefined ? null : foldEvents(old, events);
      if (folded === null) void queryClient.invalidateQueries({ queryKey: key });
      else queryClient.setQueryData(key, folded);
      if (events === null || events.some(({ body }) => body.type !== 'class.step_moved'))
        void queryClient.invalidateQueries({ queryKey: ['getMe'] });
    },
    onCard: (card) => change((old) => withCard(old, card)),
    onPeople: (people) => change((old) => ({ ...old, people: [...people] })),
    onWatching: () => void queryClient.invalidateQueries({ queryKey: key }),
  });
  const { lessons, complete, lessonError } = useQueries({
    queries: (session?.summary.lessonIds ?? []).map((lessonId) => ({
      ...routeQuery('getLesson', { params: { lessonId } }),
      staleTime: Infinity,
    })),
    combine: combineLessons,
  });
  const agenda = useMemo(() => (complete ? agendaOf(lessons) : []), [complete, lessons]);
  return {
    session,
    lessons,
    agenda,
    error: session === undefined ? error : lessonError,
    refetch: () => void refetch(),
  };
}

type LessonAnswers = { data: Lesson | undefined; error: ApiError | null }[];

function combineLessons(answers: LessonAnswers): {
  lessons: Lesson[];
  complete: boolean;
  lessonError: ApiError | null;
} {
  return {
    lessons: answers.flatMap(({ data }) => (data === undefined ? [] : [data])),
    complete: answers.every(({ data }) => data !== undefined),
    lessonError: answers.find((answer) => answer.error !== null)?.error ?? null,
  };
}
