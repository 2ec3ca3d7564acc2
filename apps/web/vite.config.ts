import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the API. */
const api = process.env['LINEAGE_API'] ?? 'http://127.0.0.1:4600';

// eslint-disable-next-line no-restricted-exports -- Vite reads its configuration from the default export.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The API puts a fresh nonce in place of the mark on each answer.
  html: { cspNonce: '{{nonce}}' },
  // Two copies of yjs break instanceof checks; two of react break hooks.
  resolve: { dedupe: ['yjs', 'y-protocols', 'lib0', 'react', 'react-dom'] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/api': { target: api },
      '/socket.io': { target: api, ws: true },
      '/collab': { target: api, ws: true },
    },
  },
});
