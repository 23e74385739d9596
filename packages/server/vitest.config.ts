import { availableParallelism } from 'node:os';
import { project } from '../../scripts/testing/vitest-project.js';

export default project(import.meta.dirname, {
  // These tests are most of all there are. Each worker has its databases, so that more of them need much memory.
  maxWorkers: Math.min(availableParallelism(), 4),
  slow: [
    'administrator',
    'backup',
    'bin',
    'connections',
    'data-directory',
    'determinism',
    'disk',
    'examples',
    'exposure',
    'hostile',
    'job-life',
    'migrations',
    'notifications',
    'peers',
    'reset',
    's3-file-store',
    's3-processes',
    's3-server',
    'template',
    'torture',
    'upload-life',
    'upload-urls',
  ],
});
