import { defineConfig } from 'vitest/config';

// eslint-disable-next-line no-restricted-exports -- Vitest reads its configuration from the default export.
export default defineConfig({
  root: import.meta.dirname,
  test: { name: 'pprof', include: ['src/**/*.spec.ts'] },
});
