import { defineConfig } from 'vitest/config';

const conditions = ['@ips-sdk/source', 'module', 'node', 'development|production'];

/** The tests of the group that scripts/mutate.mjs runs. */
const tests = (process.env['IPS_MUTATION_TESTS'] ?? '').split(',');

// Unlike in a run of the tests alone, files share nothing: a mutant of one must not stay in the modules of the next.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // A mutant that waits forever fails its test before Stryker has to start another process.
  test: { include: tests, provide: { depth: 'quick' }, testTimeout: 15_000, hookTimeout: 60_000 },
});
