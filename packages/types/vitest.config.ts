import { project } from '../../scripts/testing/vitest-project.js';

export default project('types', {
  typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
});
