import { project } from '../../scripts/testing/vitest-project.js';

export default project(import.meta.dirname, {
  slow: [
    'assets-flow',
    'job-page',
    'jobs-live',
    'jobs-page',
    'login',
    'pages-look',
    'server-pages',
    'states',
    'submit-flow',
  ],
  // A browser beside other tests is slow; a second, the default, ends what works.
  expect: { poll: { timeout: 30_000 } },
});
