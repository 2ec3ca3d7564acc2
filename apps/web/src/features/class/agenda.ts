import type { AgendaStep, ClassState, Lesson } from '@lineage/contracts';

/** A step of a class with the lesson it belongs to. */
export type AgendaItem = { readonly lesson: Lesson; readonly step: AgendaStep; readonly index: number };

/** A class's steps in the order they are taught. */
export function agendaOf(lessons: readonly Lesson[]): AgendaItem[] {
  return lessons
    .flatMap((lesson) => lesson.steps.map((step) => ({ lesson, step })))
    .map((item, index) => ({ ...item, index }));
}

/** The item the class is at; undefined before the first step. */
export function currentItem(
  agenda: readonly AgendaItem[],
  state: Pick<ClassState, 'lessonId' | 'stepId'>,
): AgendaItem | undefined {
  return agenda.find(({ lesson, step }) => lesson.id === state.lessonId && step.id === state.stepId);
}

/** The item `by` steps from the current one; the first when the class has not begun to move. */
export function itemBeside(
  agenda: readonly AgendaItem[],
  state: Pick<ClassState, 'lessonId' | 'stepId'>,
  by: 1 | -1,
): AgendaItem | undefined {
  const now = currentItem(agenda, state);
  if (now === undefined) return by === 1 ? agenda[0] : undefined;
  return agenda[now.index + by];
}

/** An item's address in a link: `2.1-scheduler/measure`. */
export const addressOfItem = ({ lesson, step }: AgendaItem): string => `${lesson.id}/${step.id}`;

/** The item at an address, if there is one. */
export function itemAt(agenda: readonly AgendaItem[], address: string | undefined): AgendaItem | undefined {
  return agenda.find((item) => addressOfItem(item) === address);
}
