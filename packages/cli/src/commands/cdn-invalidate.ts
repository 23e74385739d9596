import { setTimeout as sleep } from 'node:timers/promises';
import type { CdnInvalidation } from '@ips-sdk/client';
import { checkCdnUrls, TimeoutError } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { span } from '../output/columns.js';
import { printDryRun } from './print-dry-run.js';
import { expandStdin } from './read-input.js';

interface Options {
  readonly rootId?: string;
  readonly wait?: boolean;
  readonly timeout?: number;
}

/** `ips cdn invalidate` */
export async function run(context: Context, options: Options, given: readonly string[]): Promise<undefined> {
  const urls = await expandStdin(context, given);
  if (await printDryRun(context, 'cdnCacheInvalidation', { urlArray: urls.slice(0, 1000) })) return undefined;
  checkCdnUrls(urls, options.rootId);
  const what = urls.length === 1 ? 'a URL' : `${urls.length} URLs`;
  await context.confirm(
    'invalidate',
    `${what} in the cache`,
    urls.map((handle) => ({ handle })),
  );
  const client = await context.client();
  const { rootId } = options;
  const invalidations = await client.invalidateCdn(urls, { rootId, signal: context.signal });
  await context.print.rows(
    invalidations.map(({ handle, estimatedSeconds, urls: all }) => ({
      handle,
      estimatedSeconds,
      urls: all,
    })),
    [
      { title: 'HANDLE', value: ({ handle }) => handle },
      {
        title: 'ESTIMATE',
        value: ({ estimatedSeconds }) => estimatedSeconds,
        human: ({ estimatedSeconds }) => span(estimatedSeconds * 1000),
      },
      { title: 'URLS', value: (row) => row.urls.length, align: 'right' },
    ],
  );
  if (options.wait) await waitFor(context, invalidations, options.timeout);
  return undefined;
}

async function waitFor(
  context: Context,
  invalidations: readonly CdnInvalidation[],
  timeout: number | undefined,
): Promise<void> {
  const client = await context.client();
  const { signal } = context;
  const until = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeout;
  for (const { handle } of invalidations) {
    for (;;) {
      const answer = await client.getCdnCacheInvalidationStatus({ invalidationHandle: handle }, { signal });
      if (answer.completionTime !== undefined || /complete|done|success/i.test(answer.status)) break;
      const pause = Math.min(60, Math.max(1, answer.pingAfterSeconds ?? 10)) * 1000;
      if (Date.now() + pause > until) throw new TimeoutError(`the invalidation ${handle}`, timeout ?? 0);
      context.note(`${handle}: ${answer.status}`);
      await sleep(pause, undefined, { signal });
    }
    context.done(`${handle}: the copies have been dropped`);
  }
}
