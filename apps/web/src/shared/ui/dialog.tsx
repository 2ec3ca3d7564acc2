import { Modal } from '@mantine/core';
import '@mantine/core/styles/CloseButton.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Modal.layer.css';
import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { MantineTheme } from '../theme/mantine-theme.tsx';

type Props = { title: ReactNode; opened: boolean; onClose: () => void; children: ReactNode; size?: number };

/** A small window over the page; Esc closes it and the focus returns. */
export function Dialog({ title, opened, onClose, children, size = 520 }: Props) {
  const { t } = useTranslation('app');
  return (
    <MantineTheme>
      <Modal
        opened={opened}
        onClose={onClose}
        // The page itself never scrolls, so there is nothing to lock.
        lockScroll={false}
        title={title}
        size={size}
        yOffset="12vh"
        transitionProps={{ duration: 120 }}
        overlayProps={{ backgroundOpacity: 1, bg: 'var(--ln-scrim)' }}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {children}
      </Modal>
    </MantineTheme>
  );
}
