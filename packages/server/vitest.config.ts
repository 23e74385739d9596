import { project } from '../../scripts/testing/vitest-project.js';

export default project(import.meta.dirname, {
  slow: [
    'bin',
    'connections',
    'determinism',
    'examples',
    'exposure',
    'hostile',
    'job-life',
    'migrations',
    'notifications',
    'peers',
    'reset',
    'template',
    'upload-life',
    'upload-urls',
  ],
});
