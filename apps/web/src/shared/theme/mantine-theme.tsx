import { createTheme, MantineProvider, type CSSVariablesResolver } from '@mantine/core';
import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/default-css-variables.layer.css';
import '@mantine/core/styles/global.layer.css';
import '@mantine/core/styles/UnstyledButton.layer.css';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import type { ReactNode } from 'react';
import './tokens.css';
import './base.css';
import './mantine.css';
import { pageNonce } from './page-nonce.ts';
import { themeStore } from './theme-store.ts';

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

/** Mantine with our tokens, and the choice of theme kept in this browser. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={ourTokens}
      colorSchemeManager={themeStore}
      defaultColorScheme="auto"
      getStyleNonce={pageNonce}
    >
      {children}
    </MantineProvider>
  );
}
