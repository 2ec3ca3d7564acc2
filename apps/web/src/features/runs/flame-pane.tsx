import type { Artifact } from '@lineage/contracts';
import { Flame } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Notice, Skeleton } from '../../shared/ui/index.ts';
import { Pills } from '../../shared/ui/pills.tsx';
import css from './flame-pane.module.css';
import { findingsTexts } from './findings/texts.ts';
import type { RunFold } from './fold-run.ts';
import { wasQuiet } from './was-quiet.ts';

// Said only of a machine that was not quiet.
const QuietNote = lazy(async () => {
  const [{ QuietNote: component }] = await Promise.all([
    import('./findings/quiet-note.tsx'),
    findingsTexts(),
  ]);
  return { default: component };
});

/** What the page draws; `choices` are the buttons for the other profiles of the run. */
export type ProfileDrawing = {
  readonly profile: (artifact: Artifact, choices: ReactNode) => ReactNode;
  readonly windows: (
    shown: { runId: string; windows: RunFold['windows']; isLive: boolean },
    choices: ReactNode,
  ) => ReactNode;
};

type Props = { runId: string; fold: RunFold; isProfiled: boolean; drawing: ProfileDrawing };

/** As `chosen`: the CPU profile over the time of the run. */
const OVER_TIME = 'over-time';

/** The profiles of a run, one at a time; the CPU profile grows while the program runs. */
export function FlamePane({ runId, fold, isProfiled, drawing }: Props) {
  const { t } = useTranslation('runs');
  const [chosen, setChosen] = useState<string | null>(null);
  const profiles = fold.artifacts.filter(({ kind }) => kind === 'profile');
  const { windows } = fold;
  const hasWindows = windows.length > 0;
  const shown =
    profiles.find(({ name }) => name === chosen) ??
    profiles.find(({ name }) => name.startsWith('cpu')) ??
    (hasWindows ? undefined : profiles[0]);
  const isOverTime = hasWindows && (chosen === OVER_TIME || shown === undefined);
  if (shown === undefined && !isOverTime) {
    if (isProfiled && fold.end === null)
      return (
        <div className={css.waiting}>
          <p>{t('collecting')}</p>
          <Skeleton rows={[100, 80, 60]} />
        </div>
      );
    return (
      <Notice icon={<Flame />} title={t('noProfile')}>
        <p>{t('noProfileHint')}</p>
      </Notice>
    );
  }
  const items = [
    ...(hasWindows ? [{ id: OVER_TIME, name: t('overTime') }] : []),
    ...profiles.map(({ name }) => ({ id: name, name: name.replace(/\.pb\.gz$/, '') })),
  ];
  const choices = items.length > 1 && (
    <Pills
      label={t('profiles')}
      items={items}
      chosen={isOverTime ? OVER_TIME : (shown?.name ?? '')}
      onChoose={setChosen}
    />
  );
  return (
    <div
      className={css.pane}
      // Who has begun to look at windows is not taken away from them when the program ends.
      onPointerDown={isOverTime ? () => setChosen(OVER_TIME) : undefined}
      onKeyDown={isOverTime ? () => setChosen(OVER_TIME) : undefined}
    >
      {isOverTime || shown === undefined
        ? drawing.windows({ runId, windows, isLive: fold.end === null }, choices)
        : drawing.profile(shown, choices)}
      {fold.end?.quiet !== undefined && !wasQuiet(fold.end.quiet) && (
        <Suspense fallback={null}>
          <div className={css.quiet}>
            <QuietNote quiet={fold.end.quiet} />
          </div>
        </Suspense>
      )}
    </div>
  );
}
