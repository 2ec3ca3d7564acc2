import type { GroupCard } from '@lineage/contracts';
import { useTranslation } from 'react-i18next';
import { SideDrawer } from '../../shared/ui/side-drawer.tsx';

/** A group's latest profile over the class page. */
export function ProfileDrawer({ card, onClose }: { card: GroupCard; onClose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <SideDrawer opened onClose={onClose} title={t('class.profile.title', { group: card.name })}>
      <p>{card.name}</p>
    </SideDrawer>
  );
}
