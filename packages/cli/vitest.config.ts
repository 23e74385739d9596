import { project } from '../../scripts/testing/vitest-project.js';

// Commands that run in the process of their test show times as those do that have one of their own.
export default project(import.meta.dirname, { env: { TZ: 'UTC' } });
