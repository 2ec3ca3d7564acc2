import type { Artifact } from '@lineage/contracts';
import { Flame } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Notice, Skeleton } from '../../shared/ui/index.ts';
import { Pills } from '../../shared/ui/pills.tsx';
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
    <Pills
      label={t('profiles')}
      items={profiles.map(({ id, name }) => ({ id, name: name.replace(/\.pb\.gz$/, '') }))}
      chosen={shown.id}
      onChoose={(id) => setChosen(profiles.find((profile) => profile.id === id)?.name ?? null)}
    />
  );
  return <div className={css.pane}>{renderProfile(shown, choices)}</div>;
}
