import { createTheme, MantineProvider, type CSSVariablesResolver } from '@mantine/core';
import type { ReactNode } from 'react';
import { pageNonce } from './page-nonce.ts';
import { useShownTheme } from './theme-store.ts';

const theme = createTheme({
  fontFamily: 'var(--ln-font)',
  fontFamilyMonospace: 'var(--ln-font-code)',
  fontSizes: { xs: 'var(--ln-size-small)', sm: 'var(--ln-size)', md: 'var(--ln-size-text)' },
  defaultRadius: 'var(--ln-radius)',
  cursorType: 'pointer',
  respectReducedMotion: true,
  primaryColor: 'blue',
});

const shared = {
  '--mantine-color-body': 'var(--ln-bg)',
  '--mantine-color-text': 'var(--ln-text)',
  '--mantine-color-default': 'var(--ln-surface)',
  '--mantine-color-default-hover': 'var(--ln-hover)',
  '--mantine-color-default-color': 'var(--ln-text)',
  '--mantine-color-default-border': 'var(--ln-border)',
  '--mantine-color-dimmed': 'var(--ln-text-dim)',
  '--mantine-color-placeholder': 'var(--ln-text-dim)',
  '--mantine-color-error': 'var(--ln-bad)',
  '--mantine-primary-color-filled': 'var(--ln-accent-fill)',
  '--mantine-primary-color-filled-hover': 'var(--ln-accent-hover)',
};
const ourTokens: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });

/**
 * What Mantine's parts need around them, with our tokens. Each part that is loaded on use brings its own, so that a page
 * without an open menu or dialog never loads Mantine.
 */
export function MantineTheme({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={ourTokens}
      forceColorScheme={useShownTheme()}
      getStyleNonce={pageNonce}
    >
      {children}
    </MantineProvider>
  );
}
