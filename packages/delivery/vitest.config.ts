import { project } from '../../scripts/testing/vitest-project.js';

export default project(import.meta.dirname);
