import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { Keys } from '../../shared/ui/index.ts';
import css from './follow-chip.module.css';
import { setFollowing, useFollowing } from './following.ts';

type Props = {
  classSessionId: string;
  /** What the instructor shows now. */
  step: string;
  onLeave?: () => void;
  onReturn?: () => void;
};

/** Says whether the page follows the instructor, with the way out and the way back. */
export function FollowChip({ classSessionId, step, onLeave, onReturn }: Props) {
  const { t } = useTranslation('app');
  const following = useFollowing(classSessionId);
  const leave = (): void => {
    setFollowing(classSessionId, false);
    onLeave?.();
  };
  const comeBack = (): void => {
    setFollowing(classSessionId, true);
    onReturn?.();
  };
  const group = t('command.group.class');
  useCommands([
    {
      id: 'follow.leave',
      name: t('class.follow.leave'),
      keys: 'Escape',
      group,
      enabled: following,
      run: leave,
    },
    {
      id: 'follow.return',
      name: t('class.follow.return'),
      keys: 'f',
      group,
      enabled: !following,
      run: comeBack,
    },
  ]);
  return (
    <div className={css.chip} data-following={following || undefined} role="status">
      <span className={css.mark} aria-hidden="true" />
      <span className={css.words} title={step}>
        {following ? t('class.follow.on', { step }) : t('class.follow.off', { step })}
      </span>
      <button type="button" className={css.action} onClick={following ? leave : comeBack}>
        <Keys keys={following ? 'Escape' : 'f'} />{' '}
        {following ? t('class.follow.leaveShort') : t('class.follow.returnShort')}
      </button>
    </div>
  );
}
