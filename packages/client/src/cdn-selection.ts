import type { JobLog } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import { type CdnInvalidation, checkCdnUrls, invalidateCdn } from './cdn.js';
import type { CdnSelection, InvalidateOptions } from './cdn-options.js';
import { cdnTemplates, urlsOf } from './cdn-template.js';
import { CDN_SELECTION, checkedCallOptions, INVALIDATE } from './check-options.js';
import type { Jobs } from './jobs/jobs.js';
import { checked } from './option-checks.js';
import type { CallOptions } from './options.js';
import { paginate } from './paginate.js';

/** A selection with assets that do not exist, or a company without a URL template. Nothing was invalidated. */
export class CdnSelectionError extends Error {
  override readonly name = 'CdnSelectionError';
  /** Names and handles of assets that do not exist. */
  readonly missing: readonly string[];

  /** @internal */
  constructor(message: string, missing: readonly string[] = []) {
    super(message);
    this.missing = missing;
  }
}

/** The number of assets per lookup. */
const CHUNK = 500;
/** The longest assumed duration of a publish, in milliseconds. */
const LONGEST_PUBLISH = 86_400_000;

/**
 * Builds and invalidates CDN URLs of assets, folders and publishes.
 *
 * @example
 * ```ts
 * const template = 'https://s7d1.scene7.com/is/image/MyCompany/<ID>';
 * const urls = await ips.cdn.urls({ assets: ['red'], template, presets: ['product'] });
 * console.log(urls[1]); // https://s7d1.scene7.com/is/image/MyCompany/red?$product$
 * const [done] = await ips.cdn.invalidate({ folder: 'MyCompany/Shoes/', template });
 * console.log(done?.urls.length); // 3
 * ```
 */
export class Cdn {
  readonly #caller: Caller;
  readonly #jobs: Jobs;

  /** @internal */
  constructor(caller: Caller, jobs: Jobs) {
    this.#caller = caller;
    this.#jobs = jobs;
  }

  /**
   * Returns the CDN URLs of assets.
   *
   * @throws CdnSelectionError when the company has no template, or an asset does not exist.
   * @throws CdnUrlError when a template results in an invalid URL.
   */
  async urls(selection: CdnSelection, options: CallOptions = {}): Promise<string[]> {
    const { template, presets = [] } = checked(CDN_SELECTION, selection);
    const templates = await cdnTemplates(this.#caller, template, checkedCallOptions(options));
    if (!templates.some((one) => /<id>/i.test(one)))
      throw new CdnSelectionError(
        template === undefined
          ? 'the company has no URL template with <ID>: its property set Adobe.SPS.ApplicationSetting lacks ' +
              'application_cdn_invalidation_template'
          : `template: expected a URL with the placeholder <ID>, found ${JSON.stringify(template)}`,
      );
    const urls = urlsOf(templates, await this.#names(selection, options), [...presets]);
    checkCdnUrls(urls);
    return urls;
  }

  /**
   * Invalidates assets in the CDN cache, in requests of 1000 URLs.
   *
   * @throws CdnSelectionError when the company has no template, or an asset does not exist. Nothing is sent.
   * @throws CdnUrlError when a template results in an invalid URL. Nothing is sent.
   * @throws InterruptedError with the invalidations so far when a request fails after others succeeded.
   */
  async invalidate(selection: CdnSelection, options: InvalidateOptions = {}): Promise<CdnInvalidation[]> {
    const { rootId: _, ...call } = checked(INVALIDATE, options);
    return invalidateCdn(this.#caller, await this.urls(selection, call), options);
  }

  async #names(selection: CdnSelection, options: CallOptions): Promise<string[]> {
    const { assets, folder, includeSubfolders = true, publishedSince } = selection;
    const names = new Set<string>();
    if (assets !== undefined) for (const name of await this.#named([...assets], options)) names.add(name);
    if (folder !== undefined) {
      const input = {
        folder: `${folder.replace(/^\/+|\/+$/g, '')}/`,
        includeSubfolders,
        trashState: 'NotInTrash',
        responseFieldArray: ['totalRows', 'assetArray/items/assetHandle', 'assetArray/items/name'],
      };
      for await (const { name = '' } of paginate(this.#caller, 'searchAssets', input, options))
        names.add(name);
    }
    if (publishedSince !== undefined)
      for await (const name of this.#published(publishedSince, options)) names.add(name);
    names.delete('');
    return [...names];
  }

  /** Resolves names and handles to names. */
  async #named(given: readonly string[], options: CallOptions): Promise<string[]> {
    const found = new Set<string>();
    const known = new Set<string>();
    const responseFieldArray = ['assetArray/items/assetHandle', 'assetArray/items/name'];
    // Handles of assets contain a bar, and names never do.
    const handles = given.filter((one) => one.includes('|'));
    const names = given.filter((one) => !one.includes('|'));
    for (const assetHandleArray of chunks(handles)) {
      const input = { assetHandleArray, responseFieldArray };
      const { assetArray = [] } = await this.#caller.call('getAssets', input, options);
      for (const { assetHandle = '', name = '' } of assetArray) {
        known.add(assetHandle);
        found.add(name);
      }
    }
    for (const nameArray of chunks(names)) {
      const input = { nameArray, responseFieldArray };
      const { assetArray = [] } = await this.#caller.call('getAssetsByName', input, options);
      for (const { name = '' } of assetArray) {
        known.add(name.toLowerCase());
        found.add(name);
      }
    }
    const missing = given.filter((one) => !known.has(one) && !known.has(one.toLowerCase()));
    if (missing.length > 0)
      throw new CdnSelectionError(
        `asset not found: ${missing
          .slice(0, 5)
          .map((one) => JSON.stringify(one))
          .join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}`,
        missing,
      );
    return [...found];
  }

  /** Names of the assets that were published or unpublished since a time. */
  async *#published(since: Date | string, options: CallOptions): AsyncGenerator<string, void, undefined> {
    const time = typeof since === 'string' ? Date.parse(since) : since.getTime();
    const { signal } = options;
    const logs = this.#jobs.history({ from: new Date(time - LONGEST_PUBLISH), signal });
    for await (const log of logs) {
      if (!isPublish(log) || Date.parse(log.endDate ?? '') < time) continue;
      const rows = paginate(this.#caller, 'getJobLogDetails', { jobHandle: log.jobHandle }, options);
      for await (const { logType, assetName, dateCreated } of rows) {
        if (!/(?:Success|Warning)$/i.test(logType) || assetName === undefined) continue;
        if (Date.parse(dateCreated ?? '') < time) continue;
        yield assetName;
      }
    }
  }
}

/** Whether a log is that of a publish job for content that the CDN delivers. */
function isPublish({ logType }: JobLog): boolean {
  return /^Begin(?:ImageServing|ImageRendering|Video)Publish/i.test(logType);
}

function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let i = 0; i < all.length; i += CHUNK) yield all.slice(i, i + CHUNK);
}
