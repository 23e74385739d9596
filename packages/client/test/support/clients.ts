import { createIpsClient, type IpsClient, type IpsClientOptions } from '@ips-sdk/client';
import { onTestFinished } from 'vitest';
import type { FakeService } from '../../../../scripts/testing/fake-service.js';
import { PASSWORD } from './password.ts';

export { PASSWORD };

/** A client of a fake service, without waits between tries, closed when the test ends. */
export function clientOf(
  service: Pick<FakeService, 'endpoint'>,
  options: Partial<IpsClientOptions> = {},
): IpsClient {
  const client = createIpsClient({
    endpoint: service.endpoint,
    auth: { user: 'ann@example.com', password: PASSWORD },
    app: { name: 'Tests', version: '1.0' },
    companyHandle: 'c|6',
    retry: { retries: 2, minDelay: 1, maxDelay: 2 },
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** The error that a promise ends in. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error('expected an error');
}

/** All items of a sequence. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
