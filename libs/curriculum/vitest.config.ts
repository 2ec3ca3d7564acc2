import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  test: { name: 'curriculum', include: ['src/**/*.spec.ts'] },
});
