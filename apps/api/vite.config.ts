import { defineConfig } from 'vite';

/** Bundles our own TypeScript (the libs too); packages stay in node_modules. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist',
    emptyOutDir: false,
    sourcemap: true,
    rollupOptions: {
      input: {
        main: 'src/main.ts',
        'log-worker': 'src/features/rooms/log/log-worker.ts',
        'profile-worker': 'src/features/profiles/profile-worker.ts',
      },
      output: { entryFileNames: '[name].js', format: 'es' },
    },
  },
  ssr: { noExternal: [/^@lineage\//] },
});
