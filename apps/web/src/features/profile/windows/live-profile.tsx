import { useState, type ReactNode } from 'react';
import { useTranslation } from '../../../shared/i18n/index.ts';
import { Skeleton } from '../../../shared/ui/index.ts';
import { Pills } from '../../../shared/ui/pills.tsx';
import { ProfileBody } from '../profile-body.tsx';
import { useWindows } from './use-windows.ts';
import { rangeOf, type ProfileWindow, type WindowChoice } from './window-choice.ts';
import { useWindowSentence, WindowStrip } from './window-strip.tsx';
import css from './windows.module.css';
import body from '../profile-view.module.css';

type Props = {
  /** The run that the windows are of. */
  runId: string;
  windows: readonly ProfileWindow[];
  /** More may come. */
  isLive: boolean;
  choices?: ReactNode;
  onOpenSource?: (file: string, line: number) => void;
};

/** The CPU profile of a program while it runs, and of any part of its run afterwards. */
export function LiveProfile({ runId, windows, isLive, choices, onOpenSource }: Props) {
  const { t } = useTranslation('profile');
  const [choice, setChoice] = useState<WindowChoice>('all');
  const { sums, shown, chooseType } = useWindows(windows, choice);
  const say = useWindowSentence();
  if (shown === null)
    return (
      <div className={body.waiting} aria-label={t('loading')}>
        <Skeleton rows={[100, 90, 70, 40]} />
      </div>
    );
  const range = rangeOf(choice, windows);
  const last = windows[range?.to ?? -1];
  const leftOut = windows.reduce((sum, one) => sum + one.leftOut, 0);
  const picked = typeof choice === 'number' ? [{ id: 'picked', name: t('windows.picked') }] : [];
  const about = (
    <div className={css.about}>
      {isLive && (
        <span className={css.live}>
          <span className={css.dot} aria-hidden="true" /> {t('windows.live')}
        </span>
      )}
      <Pills
        label={t('windows.which')}
        items={[
          { id: 'all', name: t(isLive ? 'windows.soFar' : 'windows.all') },
          { id: 'latest', name: t(isLive ? 'windows.latest' : 'windows.last') },
          ...picked,
        ]}
        chosen={typeof choice === 'number' ? 'picked' : choice}
        onChoose={(id) => {
          if (id === 'all' || id === 'latest') setChoice(id);
        }}
      />
      <WindowStrip {...{ windows, sums, choice }} onChoose={setChoice} />
      <p className={css.sentence}>
        {choice === 'all' || last === undefined
          ? t('windows.count', { count: windows.length })
          : say(last, sums[range?.to ?? -1])}
        {leftOut > 0 && ` ${t('windows.leftOut', { count: leftOut })}`}
      </p>
    </div>
  );
  return (
    <ProfileBody
      of={`windows/${runId}`}
      artifactId={null}
      {...shown}
      {...{ chooseType, choices, onOpenSource }}
      note={about}
      emptyHint={t('windows.emptyHint')}
    />
  );
}
