import type { Artifact } from '@lineage/contracts';
import { Flame } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { cx, Notice, Skeleton } from '../../shared/ui/index.ts';
import css from './flame-pane.module.css';
import type { RunFold } from './fold-run.ts';

/** Draws a profile; `choices` are the buttons for the other profiles of the run. */
export type RenderProfile = (artifact: Artifact, choices: ReactNode) => ReactNode;

type Props = { fold: RunFold; isProfiled: boolean; renderProfile: RenderProfile };

/** The profiles of a run, one at a time. */
export function FlamePane({ fold, isProfiled, renderProfile }: Props) {
  const { t } = useTranslation('runs');
  const [chosen, setChosen] = useState<string | null>(null);
  const profiles = fold.artifacts.filter(({ kind }) => kind === 'profile');
  const shown =
    profiles.find(({ name }) => name === chosen) ??
    profiles.find(({ name }) => name.startsWith('cpu')) ??
    profiles[0];
  if (shown === undefined) {
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
  const choices = profiles.length > 1 && (
    <div className={css.choices} role="group" aria-label={t('profiles')}>
      {profiles.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === shown.id}
          className={cx(css.choice, id === shown.id && css.chosen)}
          onClick={() => setChosen(name)}
        >
          {name.replace(/\.pb\.gz$/, '')}
        </button>
      ))}
    </div>
  );
  return (
    <div key={shown.id} className={css.pane}>
      {renderProfile(shown, choices)}
    </div>
  );
}
