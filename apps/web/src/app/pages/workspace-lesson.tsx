import type { Workspace } from '@lineage/contracts';
import { currentItem, FollowChip, useFollowing, type LiveClass } from '../../features/class/index.ts';
import { LessonView } from '../../features/lesson/index.ts';
import { useRoute } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Button, ErrorLine, ErrorNotice, Skeleton } from '../../shared/ui/index.ts';
import css from './workspace.module.css';
import { useOpenExercise } from './use-open-exercise.ts';

type Props = { workspace: Workspace; live: LiveClass };

/** The lesson beside the code. While one follows the class it is the class's lesson, else the workspace's own. */
export function WorkspaceLesson({ workspace, live }: Props) {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  const classSessionId = live.session?.summary.id;
  const following = useFollowing(classSessionId ?? '');
  const now = live.session === undefined ? undefined : currentItem(live.agenda, live.session.state);
  const own = useRoute('getLesson', { params: { lessonId: workspace.lessonId } });
  const lesson = following && now !== undefined && live.session?.canLead !== true ? now.lesson : own.data;
  const elsewhere =
    now !== undefined && now.lesson.exercise.id !== workspace.exerciseId ? now.lesson.exercise : null;
  const open = useOpenExercise();
  return (
    <>
      {classSessionId !== undefined && now !== undefined && live.session?.canLead === false && (
        <FollowChip classSessionId={classSessionId} step={pick(now.step.title)} />
      )}
      {elsewhere !== null && (
        <div className={css.elsewhere}>
          <span>{t('workspace.otherExercise', { title: pick(elsewhere.title) })}</span>
          <Button
            busy={open.isPending}
            onClick={() => open.mutate({ groupId: workspace.groupId, exerciseId: elsewhere.id })}
          >
            {t('workspace.openExercise')}
          </Button>
          <ErrorLine error={open.error} />
        </div>
      )}
      {lesson !== undefined && <LessonView lesson={lesson} compact />}
      {lesson === undefined && own.error === null && (
        <div className={css.padded}>
          <Skeleton rows={[40, 90, 80, 85, 60]} />
        </div>
      )}
      {lesson === undefined && own.error !== null && (
        <ErrorNotice level={2} error={own.error} onRetry={() => void own.refetch()} />
      )}
    </>
  );
}
