import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineProject, type UserProjectConfigFn, type UserWorkspaceConfig } from 'vitest/config';
import { type Depth, depthOf } from './depth.js';

/** What the `exports` of our packages call their sources. */
const SOURCE = '@ips-sdk/source';

/** Timeouts are long: they end what hangs, and say nothing of speed, which depends on the machine and on what else it does. */
const TIMEOUT = 120_000;

/** Whether to keep the temporary folders of tests, for whoever looks for what a failed one left. */
// biome-ignore lint/suspicious/noUndeclaredEnvVars: turbo hands it to nobody; it is for a run by hand.
const KEEPS_FOLDERS = process.env['IPS_TEST_KEEP'] !== undefined;

/** What a package says of its tests. */
export interface ProjectOptions extends NonNullable<UserWorkspaceConfig['test']> {
  /** Names of test files that a quick run leaves out: those that take time, however little is tried. */
  readonly slow?: readonly string[];
}

/**
 * The test configuration of a package. Vitest's mode decides how thorough a run is: `quick`, `test`, `full` or `all`.
 *
 * @param folder - The folder of the package.
 */
export function project(
  folder: string,
  { slow = [], maxWorkers, ...extra }: ProjectOptions = {},
): UserProjectConfigFn {
  const conditions = [SOURCE, 'module', 'node', 'development|production'];
  return defineProject(({ mode }) => {
    const depth = depthOf(mode);
    return {
      resolve: { conditions },
      ssr: { resolve: { conditions } },
      test: {
        name: basename(folder),
        ...filesOf(folder, depth, slow),
        globalSetup: fileURLToPath(new URL('build-first.ts', import.meta.url)),
        setupFiles: KEEPS_FOLDERS ? [fileURLToPath(new URL('keep-folders.ts', import.meta.url))] : [],
        provide: { depth },
        // Files of one worker share its modules: loading them costs more than most tests do.
        isolate: false,
        // In a run of several packages they share the workers.
        ...(maxWorkers === undefined || process.cwd() !== folder ? {} : { maxWorkers }),
        testTimeout: TIMEOUT,
        hookTimeout: TIMEOUT,
        ...extra,
      },
    };
  });
}

function filesOf(
  folder: string,
  depth: Depth,
  slow: readonly string[],
): { include: string[]; exclude: string[] } {
  if (depth === 'full') {
    const files = readdirSync(join(folder, 'test')).filter(
      (file) =>
        file.endsWith('.full.test.ts') ||
        (file.endsWith('.test.ts') &&
          readFileSync(join(folder, 'test', file), 'utf8').includes('/scripts/testing/cases.js')),
    );
    return { include: files.map((file) => `test/${file}`), exclude: [] };
  }
  if (depth === 'all') return { include: ['test/**/*.test.ts'], exclude: [] };
  const exclude = depth === 'quick' ? slow.map((name) => `test/${name}.test.ts`) : [];
  return { include: ['test/**/*.test.ts'], exclude: ['**/*.full.test.ts', ...exclude] };
}
