import { groups } from './groups.mjs';

const name = process.env.IPS_MUTATION_GROUP ?? '';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [...groups[name].mutate],
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // Constants of modules: each of these mutants would run all tests in a new process.
  ignoreStatic: true,
  // Text of messages and types of errors are asserted where they matter; each of their mutants would be accepted by hand.
  mutator: { excludedMutations: ['StringLiteral'] },
  concurrency: Number(process.env.IPS_MUTATION_CONCURRENCY ?? 2),
  // Hanging tests end by their own timeout. On a busy machine, a new process may take as long as this to begin.
  timeoutMS: 60_000,
  ignorePatterns: ['.stryker-tmp*', 'apps', 'docs', 'examples', '.turbo', '**/test-results', '.changeset'],
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, allowColor: false },
  jsonReporter: { fileName: `reports/mutation/${name}.json` },
  htmlReporter: { fileName: `reports/mutation/${name}.html` },
  // Of each group, so that groups can run side by side.
  tempDirName: `.stryker-tmp-${name}`,
  disableTypeChecks: false,
  tsconfigFile: 'no-tsconfig.json',
  checkers: [],
};
