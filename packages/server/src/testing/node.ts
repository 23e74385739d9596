/**
 * A fixture for node:test: the tests of a file share a server, which is reset before each of them.
 *
 * @packageDocumentation
 */
import { after, afterEach, before, beforeEach, type TestContext } from 'node:test';
import { ManagedServer } from './managed-server.js';
import type { TestServer, TestServerOptions } from './test-server.js';

export type { TestClientOptions, TestServer, TestServerOptions } from './test-server.js';

/**
 * Starts a server before the tests of the file or the suite, resets it before each, and stops it after them. When a test fails, the log
 * of the server is in its diagnostics. Subtests are steps of their test, without a reset. Concurrent tests are refused.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { test } from 'node:test';
 * import { createIpsClient } from '@ips-sdk/client';
 * import { useIpsServer } from '@ips-sdk/server/testing/node';
 *
 * const ips = useIpsServer({ company: 'MyCompany' });
 *
 * test('creates a folder', async () => {
 *   const client = createIpsClient(ips.client);
 *   await client.createFolder({ folderPath: '/Shoes' });
 *   const { folders } = await client.getFolderTree({ depth: 1 });
 *   assert.equal(folders.subfolderArray?.length, 1);
 * });
 * ```
 *
 * @throws RangeError if an option is unknown or invalid.
 * @returns The server, for use in tests, `beforeEach` and `afterEach`.
 */
export function useIpsServer(options: TestServerOptions = {}): TestServer {
  const managed = new ManagedServer(options);
  let isUsed = false;
  let user: string | undefined;
  before(() => managed.start());
  beforeEach(async (context) => {
    const { fullName } = context as TestContext;
    if (user !== undefined) {
      if (fullName.startsWith(`${user} > `)) return;
      throw new Error(
        `"${user}" and "${fullName}" use one IPS server at the same time, and a reset would disturb the other: remove concurrency, or start a server in each with startTestServer() of @ips-sdk/server/testing`,
      );
    }
    user = fullName;
    if (isUsed) await managed.reset();
    isUsed = true;
  });
  afterEach((context) => {
    const { fullName, error, diagnostic } = context as TestContext & { readonly error?: unknown };
    if (fullName !== user) return;
    user = undefined;
    if (error === undefined || error === null) return;
    for (const line of managed.log()) diagnostic.call(context, `IPS server: ${line}`);
  });
  after(() => managed.stop());
  return managed;
}
