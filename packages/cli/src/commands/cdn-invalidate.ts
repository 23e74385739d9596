import { setTimeout as sleep } from 'node:timers/promises';
import type { CdnInvalidation } from '@ips-sdk/client';
import { checkCdnUrls, TimeoutError } from '@ips-sdk/client';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { moment } from '../duration.js';
import { EXIT } from '../exit-code.js';
import { type Column, span } from '../output/columns.js';
import { printDryRun } from './print-dry-run.js';
import { expandStdin } from './read-input.js';
import { folderPath, needed } from './references.js';

interface Options {
  readonly asset?: readonly string[];
  readonly folder?: string;
  readonly flat?: boolean;
  readonly publishedSince?: string;
  readonly preset?: readonly string[];
  readonly urlTemplate?: readonly string[];
  readonly rootId?: string;
  readonly wait?: boolean;
  readonly timeout?: number;
}

/** The fields of the output. */
export const fields = ['handle', 'estimatedSeconds', 'urls'] as const;

const COLUMNS: readonly Column<CdnInvalidation>[] = [
  { title: 'HANDLE', value: ({ handle }) => handle },
  {
    title: 'ESTIMATE',
    value: ({ estimatedSeconds }) => estimatedSeconds,
    human: ({ estimatedSeconds }) => span(estimatedSeconds * 1000),
  },
  { title: 'URLS', value: (row) => row.urls.length, align: 'right' },
];

/** `ips cdn invalidate` */
export async function run(context: Context, options: Options, given: readonly string[]): Promise<undefined> {
  const urls = [...new Set([...(await expandStdin(context, given)), ...(await urlsOf(context, options))])];
  if (urls.length === 0) {
    if (!isSelected(options) && given.length === 0)
      throw needed('URLs, --asset, --folder or --published-since', 'ips cdn invalidate --asset red-shoe');
    await context.print.rows([], COLUMNS, fields);
    context.note('nothing to invalidate');
    return undefined;
  }
  if (await printDryRun(context, 'cdnCacheInvalidation', { urlArray: urls.slice(0, 1000) })) return undefined;
  checkCdnUrls(urls, options.rootId);
  const what = urls.length === 1 ? 'a URL' : `${urls.length} URLs`;
  await context.confirm(
    'invalidate',
    `cached copies of ${what}`,
    urls.map((handle) => ({ handle })),
  );
  const client = await context.client();
  const { rootId } = options;
  const invalidations = await client.invalidateCdn(urls, { rootId, signal: context.signal });
  await context.print.rows(invalidations, COLUMNS, fields);
  if (options.wait) await waitFor(context, invalidations, options.timeout);
  return undefined;
}

function isSelected({ asset, folder, publishedSince }: Options): boolean {
  return asset !== undefined || folder !== undefined || publishedSince !== undefined;
}

/** The URLs of the assets selected by the options. */
async function urlsOf(context: Context, options: Options): Promise<string[]> {
  const { asset, folder, flat, publishedSince, preset, urlTemplate } = options;
  if (!isSelected(options)) {
    const lonely = Object.entries({ '--preset': preset, '--url-template': urlTemplate, '--flat': flat }).find(
      ([, value]) => value !== undefined,
    );
    if (lonely === undefined) return [];
    throw new CliError(
      EXIT.usage,
      `${lonely[0]} needs --asset, --folder or --published-since`,
      'URLs given as arguments are invalidated unchanged',
    );
  }
  if (flat && folder === undefined) throw new CliError(EXIT.usage, '--flat needs --folder');
  const assets = asset && (await expandStdin(context, asset));
  const selection = {
    assets,
    folder: folder === undefined ? undefined : folderPath(folder),
    includeSubfolders: !flat,
    publishedSince: publishedSince === undefined ? undefined : moment(publishedSince),
    template: urlTemplate,
    presets: preset,
  };
  const { cdn } = await context.client();
  return cdn.urls(selection, { signal: context.signal });
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
    context.done(`${handle}: cached copies removed`);
  }
}
