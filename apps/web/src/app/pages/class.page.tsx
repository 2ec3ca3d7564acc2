import type { ClassSession, GroupCard, Me } from '@lineage/contracts';
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import { z } from 'zod';
import {
  ClassView,
  currentItem,
  useClassSession,
  useFollowing,
  type AgendaItem,
} from '../../features/class/index.ts';
import { LessonView } from '../../features/lesson/index.ts';
import { profileTexts } from '../../features/profile/texts.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { changeSearch, useParam, useSearch } from '../../shared/navigation/index.ts';
import { announce, ErrorNotice, Skeleton, usePageFrame } from '../../shared/ui/index.ts';
import { useRememberPlace } from '../../shared/ui/last-place.ts';
import css from '../frame/page.module.css';
import { SignedIn } from './signed-in.tsx';
import { useCohortTitle } from './use-cohort-title.ts';

const optionalText = z.string().max(400).optional().catch(undefined);
const classSearch = z.object({
  /** A step looked at by oneself, as `lessonId/stepId`. */
  step: optionalText,
  /** A group whose profile is open. */
  profile: optionalText,
});

const ProfileDrawer = lazy(async () => {
  const [{ ProfileDrawer: component }] = await Promise.all([import('./profile-drawer.tsx'), profileTexts()]);
  return { default: component };
});

/** `/class/:classSessionId`. */
export function ClassPage() {
  return <SignedIn>{(me) => <ClassContent me={me} />}</SignedIn>;
}

function ClassContent({ me }: { me: Me }) {
  const classSessionId = useParam('classSessionId');
  const { session, agenda, error, refetch } = useClassSession(classSessionId);
  useRememberPlace(session === undefined ? undefined : me.account.id, { classSessionId });
  if (error !== null) return <ErrorNotice error={error} onRetry={refetch} />;
  if (session === undefined) {
    return (
      <div className={css.page}>
        <Skeleton rows={[30, 80, 80, 60]} />
      </div>
    );
  }
  return <ClassShown me={me} session={session} agenda={agenda} />;
}

function ClassShown({
  me,
  session,
  agenda,
}: {
  me: Me;
  session: ClassSession;
  agenda: readonly AgendaItem[];
}) {
  const { step, profile } = useSearch(classSearch);
  useClassFrame(me, session, agenda);
  useSaySteps(session, agenda);
  const open = session.cards.find(({ groupId }) => groupId === profile);
  const onOpenProfile = (card: GroupCard): void => changeSearch({ profile: card.groupId });
  return (
    <>
      <ClassView
        me={me}
        session={session}
        agenda={agenda}
        picked={step}
        onPick={(address) => changeSearch({ step: address }, { replace: true })}
        renderLesson={({ lesson }) => <LessonView lesson={lesson} />}
        onOpenProfile={onOpenProfile}
      />
      <Suspense fallback={null}>
        {open !== undefined && (
          <ProfileDrawer card={open} onClose={() => changeSearch({ profile: undefined })} />
        )}
      </Suspense>
    </>
  );
}

function useClassFrame(me: Me, session: ClassSession, agenda: readonly AgendaItem[]): void {
  const { pick } = useFormat();
  const cohortTitle = useCohortTitle(me, session.summary.cohortId);
  const now = currentItem(agenda, session.state);
  const stepTitle = now === undefined ? null : pick(now.step.title);
  const stepNumber = now === undefined ? 0 : now.index + 1;
  const liveSince = session.state.state === 'live' ? session.state.startedAt : null;
  const { title, cohortId } = session.summary;
  usePageFrame(
    useMemo(
      () => ({
        title,
        crumbs: cohortTitle === null ? [] : [{ label: cohortTitle, href: `/cohorts/${cohortId}` }],
        liveSince,
        step: stepTitle === null ? null : { number: stepNumber, total: agenda.length, title: stepTitle },
        people: session.people,
      }),
      [title, cohortTitle, cohortId, liveSince, stepTitle, stepNumber, agenda.length, session.people],
    ),
  );
}

/** Speaks a change of step to those who follow; not the step that was there on arrival. */
function useSaySteps(session: ClassSession, agenda: readonly AgendaItem[]): void {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  const following = useFollowing(session.summary.id);
  const item = currentItem(agenda, session.state);
  const known = useRef<string | null>(null);
  useEffect(() => {
    if (item === undefined) return;
    const sentence = t('class.changed', { number: item.index + 1, title: pick(item.step.title) });
    const first = known.current === null;
    if (known.current === sentence) return;
    known.current = sentence;
    if (!first && following) announce(sentence);
  }, [item, following, t, pick]);
}
