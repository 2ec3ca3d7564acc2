import type { ClassSession, GroupCard as Card, Me } from '@lineage/contracts';
import { useState, type ReactNode } from 'react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { navigate, places } from '../../shared/navigation/index.ts';
import { cx, ErrorLine, Notice } from '../../shared/ui/index.ts';
import { AgendaList } from './agenda-list.tsx';
import { addressOfItem, currentItem, itemAt, type AgendaItem } from './agenda.ts';
import css from './class-view.module.css';
import { FollowChip } from './follow-chip.tsx';
import { setFollowing, useFollowing } from './following.ts';
import { GroupCard } from './group-card.tsx';
import { LeadControls, useClassCommand } from './lead-controls.tsx';
import { MyGroup } from './my-group.tsx';
import { PeopleList } from './people-list.tsx';
import { useOpenWorkspace } from './use-open-workspace.ts';

type Props = {
  me: Me;
  session: ClassSession;
  agenda: readonly AgendaItem[];
  /** The address of a step looked at on one's own. */
  picked: string | undefined;
  onPick: (address: string | undefined) => void;
  renderLesson: (item: AgendaItem) => ReactNode;
  onOpenProfile: (card: Card) => void;
};

/** A class session: for those who lead, the run of show and all groups; for learners, what is shown and their own. */
export function ClassView({ me, session, agenda, picked, onPick, renderLesson, onOpenProfile }: Props) {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  const classSessionId = session.summary.id;
  const following = useFollowing(classSessionId);
  const now = currentItem(agenda, session.state);
  const own = itemAt(agenda, picked);
  const shown = session.canLead || following ? (now ?? agenda[0]) : (own ?? now ?? agenda[0]);
  const { send, error } = useClassCommand(session);
  const seesGroups = session.canLead || helps(session);
  const onStep = (item: AgendaItem): void => {
    if (session.canLead) {
      if (session.state.state === 'live')
        send({ type: 'move_to_step', lessonId: item.lesson.id, stepId: item.step.id });
      return;
    }
    // Looking around by oneself is leaving; there is nothing to leave before the class moves.
    setFollowing(classSessionId, item === now);
    onPick(item === now ? undefined : addressOfItem(item));
  };
  return (
    <div className={cx(css.view, session.canLead && css.lead)}>
      <aside className={css.side} aria-label={t('class.agenda')}>
        <ClassHead session={session} />
        {session.canLead && <LeadControls session={session} agenda={agenda} />}
        <ErrorLine error={error} />
        <AgendaList agenda={agenda} state={session.state} shown={shown} onPick={onStep} />
      </aside>
      <div className={css.main}>
        {!session.canLead && session.state.state === 'live' && now !== undefined && (
          <FollowChip
            classSessionId={classSessionId}
            step={pick(now.step.title)}
            onLeave={() => onPick(addressOfItem(now))}
            onReturn={() => onPick(undefined)}
          />
        )}
        {seesGroups ? (
          <GroupsMain
            session={session}
            item={shown}
            renderLesson={renderLesson}
            onOpenProfile={onOpenProfile}
          />
        ) : (
          <LearnerMain session={session} item={shown} renderLesson={renderLesson} />
        )}
      </div>
      <aside className={css.people} aria-label={t('class.peopleHere')}>
        {!seesGroups && shown !== undefined && (
          <MyGroup
            session={session}
            exerciseId={(now ?? shown).lesson.exercise.id}
            onOpenProfile={onOpenProfile}
          />
        )}
        <PeopleList people={session.people} myId={me.account.id} />
      </aside>
      {agenda.length === 0 && <span className="ln-hidden">{t('state.loading')}</span>}
    </div>
  );
}

/** Mentors and assistants follow as learners do, and see every group as the instructor does. */
const helps = ({ myRole }: ClassSession): boolean => myRole === 'mentor' || myRole === 'assistant';

function ClassHead({ session }: { session: ClassSession }) {
  const { t } = useTranslation('app');
  const { dateTime } = useFormat();
  const { state } = session.state;
  return (
    <header className={css.head}>
      <h1>{session.summary.title}</h1>
      <p className={css.dim}>
        {state === 'scheduled' && t('class.startsAt', { at: dateTime(session.summary.startsAt) })}
        {state === 'ended' && t('class.ended')}
        {state === 'live' &&
          session.state.startedAt !== null &&
          t('class.liveSince', { at: dateTime(session.state.startedAt) })}
      </p>
    </header>
  );
}

function LearnerMain({
  session,
  item,
  renderLesson,
}: {
  session: ClassSession;
  item: AgendaItem | undefined;
  renderLesson: Props['renderLesson'];
}) {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  if (item === undefined) return null;
  return (
    <>
      {session.state.state === 'scheduled' && <p className={css.before}>{t('class.notStarted')}</p>}
      <p className={css.stepLine} key={`${session.state.seq}`}>
        <strong>{pick(item.step.title)}</strong>
        <span>
          {t(`class.kind.${item.step.kind}`)} · {t('class.minutes', { count: item.step.minutes })}
        </span>
      </p>
      {renderLesson(item)}
    </>
  );
}

function GroupsMain({
  session,
  item,
  renderLesson,
  onOpenProfile,
}: { session: ClassSession; item: AgendaItem | undefined } & Pick<Props, 'renderLesson' | 'onOpenProfile'>) {
  const { t } = useTranslation('app');
  const [tab, setTab] = useState<'groups' | 'lesson'>('groups');
  const room = useOpenWorkspace();
  const roomOf = ({ groupId, workspaceId }: Card): (() => void) | null => {
    if (session.canLead && item !== undefined) return () => room.open(groupId, item.lesson.exercise.id);
    // Who helps goes where the group is; only the group and the instructor open an exercise for it.
    return workspaceId === null ? null : () => navigate(places.workspace(workspaceId));
  };
  return (
    <>
      <div className={css.tabs} role="tablist" aria-label={t('class.view')}>
        {(['groups', 'lesson'] as const).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`class-tab-${name}`}
            aria-selected={tab === name}
            aria-controls="class-panel"
            className={cx(css.tab, tab === name && css.chosen)}
            onClick={() => setTab(name)}
          >
            {name === 'groups' ? t('class.groups', { count: session.cards.length }) : t('class.lesson')}
          </button>
        ))}
      </div>
      <div id="class-panel" role="tabpanel" aria-labelledby={`class-tab-${tab}`}>
        <ErrorLine error={room.error} />
        {tab === 'lesson' && item !== undefined && renderLesson(item)}
        {tab === 'groups' && session.cards.length === 0 && (
          <Notice title={t('class.noGroups')}>{t('class.noGroupsHint')}</Notice>
        )}
        {tab === 'groups' && (
          <div className={css.cards}>
            {session.cards.map((card) => (
              <GroupCard
                key={card.groupId}
                card={card}
                busy={room.openingGroupId === card.groupId}
                onOpenRoom={roomOf(card)}
                onOpenProfile={() => onOpenProfile(card)}
              />
            ))}
          </div>
        )}
      </div>
    </>
  );
}
