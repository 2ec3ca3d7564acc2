import type { GroupCard as Card } from '@lineage/contracts';
import { Flame } from 'lucide-react';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { Avatar, Button, useNow } from '../../shared/ui/index.ts';
import { withDistinctColours } from '../../shared/ui/distinct-colours.ts';
import css from './group-card.module.css';
import { RunStateBadge } from './run-state-badge.tsx';
import { TestDots } from './test-dots.tsx';

const MINUTE_MS = 60_000;

type Props = {
  card: Card;
  /** Null when there is no exercise to open yet. */
  onOpenRoom: (() => void) | null;
  onOpenProfile: () => void;
  busy: boolean;
};

/** One group at a glance: who is there, how its last run went, where its time goes, when it last wrote. */
export function GroupCard({ card, onOpenRoom, onOpenProfile, busy }: Props) {
  const { t } = useTranslation('app');
  const { share } = useFormat();
  const { lastRun } = card;
  const presentCount = card.members.filter(({ present }) => present).length;
  return (
    <article className={css.card} aria-label={card.name} data-group={card.groupId}>
      <header className={css.head}>
        <h2 className={css.name}>{card.name}</h2>
        <span
          className={css.members}
          role="group"
          aria-label={t('class.card.here', { count: presentCount, total: card.members.length })}
        >
          {withDistinctColours(card.members).map((member) => (
            <Avatar
              key={member.id}
              person={member}
              present={{ on: member.present, words: member.present ? t('class.here') : t('class.away') }}
              size="small"
            />
          ))}
        </span>
      </header>
      <div className={css.run}>
        {lastRun === null ? (
          <span className={css.dim}>{t('class.card.noRun')}</span>
        ) : (
          <>
            <RunStateBadge state={lastRun.state} />
            <span className={css.dim}>{t(`class.runKind.${lastRun.kind}`)}</span>
            {lastRun.tests !== null && <TestDots tests={lastRun.tests} />}
          </>
        )}
      </div>
      <p className={css.hot}>
        {lastRun?.hot != null ? (
          <>
            <Flame size={14} aria-hidden="true" />
            <code title={lastRun.hot.name}>{lastRun.hot.name}</code>
            <span className="ln-figures">{share(lastRun.hot.share)}</span>
          </>
        ) : (
          <span className={css.dim}>{t('class.card.noProfile')}</span>
        )}
      </p>
      <footer className={css.foot}>
        <LastEdit at={card.lastEditAt} />
        {lastRun?.profileArtifactId != null && (
          <Button look="quiet" onClick={onOpenProfile}>
            {t('class.card.profile')}
          </Button>
        )}
        {onOpenRoom !== null && (
          <Button onClick={onOpenRoom} busy={busy}>
            {t('class.card.room')}
          </Button>
        )}
      </footer>
    </article>
  );
}

function LastEdit({ at }: { at: string | null }) {
  const { t } = useTranslation('app');
  const { time } = useFormat();
  const now = useNow(15_000);
  if (at === null) return <span className={css.edit}>{t('class.card.noEdit')}</span>;
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / MINUTE_MS));
  return (
    <time className={css.edit} dateTime={at} title={time(at)}>
      {minutes === 0 ? t('class.card.editNow') : t('class.card.edit', { count: minutes })}
    </time>
  );
}
