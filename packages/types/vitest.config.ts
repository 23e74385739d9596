import { project } from '../../scripts/testing/vitest-project.js';

export default project(import.meta.dirname, {
  typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
});
