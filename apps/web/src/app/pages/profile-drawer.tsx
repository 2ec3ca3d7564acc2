import type { GroupCard } from '@lineage/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ProfileView } from '../../features/profile/index.ts';
import { routeQuery } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { navigate, places, withSearch } from '../../shared/navigation/index.ts';
import { ErrorNotice, Notice, Skeleton } from '../../shared/ui/index.ts';
import { Pills } from '../../shared/ui/pills.tsx';
import { SideDrawer } from '../../shared/ui/side-drawer.tsx';

/** A group's latest profile over the class page. Whoever loads it waits for `profileTexts` too. */
export function ProfileDrawer({ card, onClose }: { card: GroupCard; onClose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <SideDrawer opened onClose={onClose} title={t('class.profile.title', { group: card.name })}>
      <LatestProfile card={card} />
    </SideDrawer>
  );
}

function LatestProfile({ card }: { card: GroupCard }) {
  const { t } = useTranslation('app');
  const { lastRun } = card;
  const [chosen, setChosen] = useState<string | null>(null);
  const artifactId = lastRun?.profileArtifactId ?? null;
  const run = useQuery({
    ...routeQuery('getRun', { params: { runId: lastRun?.id ?? '' } }),
    enabled: artifactId !== null,
  });
  if (artifactId === null) return <Notice title={t('class.profile.gone')} />;
  if (run.data === undefined)
    return run.error === null ? (
      <Skeleton rows={[100, 80, 60]} />
    ) : (
      <ErrorNotice level={2} error={run.error} onRetry={() => void run.refetch()} />
    );
  const profiles = run.data.artifacts.filter(({ kind }) => kind === 'profile');
  const artifact = profiles.find(({ id }) => id === (chosen ?? artifactId));
  if (artifact === undefined) return <Notice title={t('class.profile.gone')} />;
  const { workspaceId } = run.data;
  const onOpenSource = (file: string, line: number): void => {
    navigate(withSearch(places.workspace(workspaceId), '', { file, line, view: 'code' }));
  };
  const choices = profiles.length > 1 && (
    <Pills
      label={t('class.profile.choices')}
      items={profiles.map(({ id, name }) => ({ id, name: name.replace(/\.pb\.gz$/, '') }))}
      chosen={artifact.id}
      onChoose={setChosen}
    />
  );
  return <ProfileView artifact={artifact} choices={choices} onOpenSource={onOpenSource} />;
}
