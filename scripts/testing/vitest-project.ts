import { defineProject, type UserWorkspaceConfig } from 'vitest/config';

/** What the `exports` of our packages call their sources. */
const SOURCE = '@ips-sdk/source';

/**
 * The test configuration of a package. Timeouts are long: they end what hangs, and say nothing of speed, which depends on the
 * machine and on what else it does.
 */
export function project(
  name: string,
  extra: NonNullable<UserWorkspaceConfig['test']> = {},
): UserWorkspaceConfig {
  const timeout = 120_000;
  const conditions = [SOURCE, 'module', 'node', 'development|production'];
  return defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: { name, include: ['test/**/*.test.ts'], testTimeout: timeout, hookTimeout: timeout, ...extra },
  });
}
