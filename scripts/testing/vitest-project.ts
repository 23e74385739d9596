import { defineProject, type UserWorkspaceConfig } from 'vitest/config';

/**
 * The test configuration of a package. Timeouts are long: they end what hangs, and say nothing of speed, which depends on the
 * machine and on what else it does.
 */
export function project(
  name: string,
  extra: NonNullable<UserWorkspaceConfig['test']> = {},
): UserWorkspaceConfig {
  const timeout = 120_000;
  return defineProject({
    test: { name, include: ['test/**/*.test.ts'], testTimeout: timeout, hookTimeout: timeout, ...extra },
  });
}
