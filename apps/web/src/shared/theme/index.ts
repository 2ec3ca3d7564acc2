export { pageNonce } from './page-nonce.ts';
export { chooseTheme, startTheme, useShownTheme, useTheme, type Theme } from './theme-store.ts';
