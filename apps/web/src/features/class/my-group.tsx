import type { ClassSession, ExerciseId, GroupCard as Card } from '@lineage/contracts';
import { ArrowRight } from 'lucide-react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Avatar, Button, ErrorLine, Keys } from '../../shared/ui/index.ts';
import { withDistinctColours } from '../../shared/ui/distinct-colours.ts';
import css from './my-group.module.css';
import { RunStateBadge } from './run-state-badge.tsx';
import { TestDots } from './test-dots.tsx';
import { useOpenWorkspace } from './use-open-workspace.ts';

type Props = { session: ClassSession; exerciseId: ExerciseId; onOpenProfile: (card: Card) => void };

/** A learner's own group, and the one thing to do: open its workspace. */
export function MyGroup({ session, exerciseId, onOpenProfile }: Props) {
  const { t } = useTranslation('app');
  const room = useOpenWorkspace();
  const mine = session.cards.filter(({ groupId }) => session.myGroupIds.includes(groupId));
  const first = mine[0];
  useCommands([
    {
      id: 'class.open',
      name: t('class.openWorkspace'),
      keys: 'o',
      group: t('command.group.class'),
      enabled: first !== undefined,
      run: () => first !== undefined && room.open(first.groupId, exerciseId),
    },
  ]);
  if (mine.length === 0)
    return session.myRole === 'learner' ? <p className={css.none}>{t('class.noGroup')}</p> : null;
  return (
    <>
      {mine.map((card, index) => (
        <section key={card.groupId} className={css.group} aria-label={t('class.myGroup')}>
          <h2>{card.name}</h2>
          <ul className={css.members}>
            {withDistinctColours(card.members).map((member) => (
              <li key={member.id} className={css.member}>
                <Avatar
                  person={member}
                  present={{ on: member.present, words: member.present ? t('class.here') : t('class.away') }}
                  size="small"
                />
                <span>{member.name}</span>
                <span className={css.dim}>{member.present ? t('class.here') : t('class.away')}</span>
              </li>
            ))}
          </ul>
          <Button
            look={index === 0 ? 'primary' : 'plain'}
            size="large"
            className={css.open}
            busy={room.openingGroupId === card.groupId}
            onClick={() => room.open(card.groupId, exerciseId)}
          >
            {t('class.openWorkspace')} <ArrowRight aria-hidden="true" /> {index === 0 && <Keys keys="o" />}
          </Button>
          {card.lastRun !== null && (
            <p className={css.run}>
              <RunStateBadge state={card.lastRun.state} />
              {card.lastRun.tests !== null && <TestDots tests={card.lastRun.tests} />}
              {card.lastRun.profileArtifactId !== null && (
                <Button look="quiet" onClick={() => onOpenProfile(card)}>
                  {t('class.card.profile')}
                </Button>
              )}
            </p>
          )}
          <ErrorLine error={room.error} />
        </section>
      ))}
    </>
  );
}
