import { project } from '../../scripts/testing/vitest-project.js';

export default project(import.meta.dirname, {
  slow: [
    'assets-changes',
    'assets-flow',
    'foreign-service',
    'foreign-site',
    'job-page',
    'jobs-live',
    'jobs-page',
    'login',
    'many-jobs',
    'pages-look',
    'permissions',
    'php-service',
    'read-only',
    'roles',
    'rough-network',
    'server-pages',
    'states',
    'submit-flow',
  ],
  // A browser beside other tests is slow; a second, the default, ends what works.
  expect: { poll: { timeout: 30_000 } },
});
