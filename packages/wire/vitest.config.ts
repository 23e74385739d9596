import { project } from '../../scripts/testing/vitest-project.js';

export default project('wire');
