/**
 * Fixtures for vitest: the tests of a worker share a server, which is reset before each of them.
 *
 * @packageDocumentation
 */
import { test as base, type TestAPI } from 'vitest';
import { ServerPool } from './server-pool.js';
import type { TestServer, TestServerOptions } from './test-server.js';

export type { TestClientOptions, TestServer, TestServerOptions } from './test-server.js';

/** The fixtures of {@link test}. */
export interface IpsFixtures {
  /** Options of the server. Tests with equal options share a server. */
  ipsOptions: TestServerOptions;
  /** The server, as at its beginning. */
  ips: TestServer;
}

/**
 * The `test` of vitest with the fixture `ips`. The first test of a worker that uses it starts the server, which takes a second or more:
 * allow for it with `testTimeout`. When a test fails, the log of the server is printed. Concurrent tests are refused.
 *
 * @example
 * ```js
 * import { createIpsClient } from '@ips-sdk/client';
 * import { test } from '@ips-sdk/server/testing/vitest';
 * import { expect } from 'vitest';
 *
 * test.override('ipsOptions', { company: 'MyCompany' });
 *
 * test('creates a folder', async ({ ips }) => {
 *   const client = createIpsClient(ips.client);
 *   await client.createFolder({ folderPath: '/Shoes' });
 *   const { folders } = await client.getFolderTree({ depth: 1 });
 *   expect(folders.subfolderArray).toMatchObject([{ path: 'MyCompany/Shoes/' }]);
 * });
 * ```
 */
export const test: TestAPI<IpsFixtures> = extended() as unknown as TestAPI<IpsFixtures>;

/** The type of the result names how vitest builds it, and the servers of the worker, which concern nobody else. */
function extended() {
  // Vitest reads the names of the fixtures from the parameters.
  return (
    base
      .extend('ipsOptions', {} as TestServerOptions)
      // biome-ignore lint/correctness/noEmptyPattern: as above; it uses none.
      .extend('ipsServers', { scope: 'worker' }, ({}, { onCleanup }) => {
        const servers = new ServerPool();
        onCleanup(() => servers.stop());
        return servers;
      })
      .extend(
        'ips',
        async ({ ipsOptions, ipsServers, task, onTestFailed, onTestFinished }, { onCleanup }) => {
          if (task.concurrent === true)
            throw new Error(
              `"${task.name}" is concurrent, and the fixture "ips" is one server for all tests, which is reset before each: remove concurrent, or start a server in the test with startTestServer() of @ips-sdk/server/testing`,
            );
          const lease = ipsServers.take(ipsOptions, task.fullTestName ?? task.name);
          // A test that takes too long does not end its fixtures.
          onTestFinished(lease.end);
          onCleanup(lease.end);
          const managed = await lease.ready;
          onTestFailed(() => {
            const lines = managed.log();
            if (lines.length > 0)
              console.error(['The IPS server logged:', ...lines.map((line) => `  ${line}`)].join('\n'));
          });
          return managed as TestServer;
        },
      )
  );
}
