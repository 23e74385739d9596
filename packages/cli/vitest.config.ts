import { project } from '../../scripts/testing/vitest-project.js';

export default project(import.meta.dirname, {
  // Commands that run in the process of their test show times as those do that have one of their own.
  env: { TZ: 'UTC' },
  slow: ['export', 'readme', 'root-readme', 'server', 'upload'],
});
