import { defineConfig } from 'vitest/config';

// `npm test` runs each package by itself through turbo; this file lets `npx vitest` run all of them at once.
export default defineConfig({ test: { projects: ['packages/*', 'apps/*'] } });
