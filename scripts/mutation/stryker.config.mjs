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
  timeoutMS: 5000,
  ignorePatterns: ['apps', 'docs', 'examples', '.turbo', '**/test-results', '.changeset'],
  reporters: ['clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, allowColor: false },
  jsonReporter: { fileName: `reports/mutation/${name}.json` },
  htmlReporter: { fileName: `reports/mutation/${name}.html` },
  tempDirName: '.stryker-tmp',
  disableTypeChecks: false,
  tsconfigFile: 'no-tsconfig.json',
  checkers: [],
};
