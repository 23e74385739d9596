/**
 * Servers for tests, for any test runner. For vitest, see `@ips-sdk/server/testing/vitest`; for node:test, see
 * `@ips-sdk/server/testing/node`.
 *
 * @packageDocumentation
 */
import { ManagedServer } from './managed-server.js';
import type { TestServer, TestServerOptions } from './test-server.js';

export type { TestClientOptions, TestServer, TestServerOptions } from './test-server.js';

/**
 * Starts a server for tests. Stop it when they are done, or it keeps the process running.
 *
 * @example
 * ```ts
 * import { createIpsClient } from '@ips-sdk/client';
 * import { startTestServer } from '@ips-sdk/server/testing';
 *
 * // As in beforeAll, beforeEach and afterAll of Jest, or before, beforeEach and after of mocha.
 * const test = await startTestServer({ company: 'MyCompany' });
 * const ips = createIpsClient(test.client);
 * await ips.createFolder({ folderPath: '/Shoes' });
 * await test.reset();
 * const { folders } = await ips.getFolderTree({ depth: 1 });
 * console.log(folders?.subfolderArray?.length ?? 0); // 0
 * await ips.close();
 * await test.stop();
 * ```
 *
 * @throws RangeError if an option is unknown or invalid, Error if the server cannot start, and what `setup` throws.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const managed = new ManagedServer(options);
  await managed.start();
  return managed;
}
