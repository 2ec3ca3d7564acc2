import type { Artifact } from '@lineage/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { ErrorNotice, Notice, Skeleton } from '../../shared/ui/index.ts';
import { ProfileBody } from './profile-body.tsx';
import { ProfileFileActions } from './profile-file-actions.tsx';
import css from './profile-view.module.css';
import { useProfile } from './use-profile.ts';

type Props = {
  artifact: Artifact;
  /** Buttons for the other profiles of the run; first among the tools. */
  choices?: ReactNode;
  onOpenSource?: (file: string, line: number) => void;
};

/** A profile as a flame graph or as a table, with what is needed to look on with other tools. */
export function ProfileView({ artifact, choices, onOpenSource }: Props) {
  const { t } = useTranslation('profile');
  const { of, facts, slice, problem, error, chooseType } = useProfile(artifact);
  if (error !== null) return <ErrorNotice level={2} error={error} />;
  if (problem !== null)
    return (
      <Notice tone="bad" title={t('problem')} actions={<ProfileFileActions artifact={artifact} />}>
        <p>
          {t(`problemOf.${problem}`)} {t('problemHint')}
        </p>
      </Notice>
    );
  if (of === null || facts === null || slice === null)
    return (
      <div className={css.waiting} aria-label={t('loading')}>
        <Skeleton rows={[100, 90, 70, 40]} />
      </div>
    );
  return (
    <ProfileBody
      {...{ of, facts, slice, chooseType, choices, onOpenSource }}
      artifactId={of}
      actions={<ProfileFileActions artifact={artifact} />}
      note={artifact.truncated && <p className={css.note}>{t('truncated')}</p>}
      emptyHint={t('emptyHint')}
    />
  );
}
