export { pageNonce } from './page-nonce.ts';
export { ThemeProvider } from './theme-provider.tsx';
