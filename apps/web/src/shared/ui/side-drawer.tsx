import { Drawer } from '@mantine/core';
import '@mantine/core/styles/CloseButton.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Drawer.layer.css';
import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { MantineTheme } from '../theme/mantine-theme.tsx';

type Props = { title: ReactNode; opened: boolean; onClose: () => void; children: ReactNode };

/** A wide pane over the page's right side; Esc closes it and the focus returns. */
export function SideDrawer({ title, opened, onClose, children }: Props) {
  const { t } = useTranslation('app');
  return (
    <MantineTheme>
      <Drawer
        opened={opened}
        onClose={onClose}
        // The page itself never scrolls, so there is nothing to lock.
        lockScroll={false}
        title={title}
        position="right"
        size="min(1100px, 92vw)"
        transitionProps={{ duration: 140 }}
        overlayProps={{ color: 'transparent', backgroundOpacity: 1, bg: 'var(--ln-scrim)' }}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {children}
      </Drawer>
    </MantineTheme>
  );
}
