import { project } from '../../scripts/testing/vitest-project.js';

export default project(import.meta.dirname, {
  slow: ['job-page', 'jobs-live', 'jobs-page', 'login', 'states'],
});
