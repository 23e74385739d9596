import type { Caller } from './caller.js';
import type { InvalidateOptions } from './cdn-options.js';
import { InterruptedError } from './errors.js';

/** An accepted request to invalidate URLs. */
export interface CdnInvalidation {
  /** Handle of the invalidation. */
  readonly handle: string;
  /** Estimated time until the CDN has dropped the URLs, in seconds. */
  readonly estimatedSeconds: number;
  readonly urls: readonly string[];
}

/** Invalid URLs. Nothing was sent, because a single invalid URL fails the whole request. */
export class CdnUrlError extends Error {
  override readonly name = 'CdnUrlError';
  readonly urls: readonly { readonly url: string; readonly problem: string }[];

  constructor(urls: readonly { readonly url: string; readonly problem: string }[]) {
    const [first] = urls;
    super(
      `${JSON.stringify(first?.url)}: ${first?.problem}${urls.length > 1 ? `; and ${urls.length - 1} more` : ''}`,
    );
    this.urls = urls;
  }
}

/** The most URLs in one request. */
const CHUNK = 1000;

/**
 * Invalidates URLs in the CDN cache, in requests of 1000. A single invalid URL fails its whole request, so all URLs are checked first.
 *
 * @throws CdnUrlError when a URL is invalid. Nothing is sent.
 * @throws InterruptedError with the invalidations so far when a request fails after others succeeded.
 *
 * @internal
 */
export async function invalidateCdn(
  caller: Caller,
  urls: Iterable<string>,
  options: InvalidateOptions = {},
): Promise<CdnInvalidation[]> {
  const { rootId, ...call } = options;
  const unique = [...new Set(urls)];
  checkCdnUrls(unique, rootId);
  const invalidations: CdnInvalidation[] = [];
  for (let i = 0; i < unique.length; i += CHUNK) {
    const urlArray = unique.slice(i, i + CHUNK);
    try {
      const answer = await caller.call('cdnCacheInvalidation', { urlArray }, call);
      const { invalidationHandle: handle, estimatedSeconds } = answer;
      invalidations.push({ handle, estimatedSeconds, urls: urlArray });
    } catch (error) {
      if (i === 0) throw error;
      throw new InterruptedError(`after ${i} of ${unique.length} URLs`, invalidations, error);
    }
  }
  return invalidations;
}

/**
 * Checks URLs as `invalidateCdn` does before it sends them.
 *
 * @param rootId - The company's ID in URL paths. If set, URLs of other companies are rejected.
 * @throws CdnUrlError with all invalid URLs.
 */
export function checkCdnUrls(urls: Iterable<string>, rootId?: string | undefined): void {
  const bad = [...urls].flatMap((url) => {
    const problem = problemOf(url, rootId);
    return problem === undefined ? [] : [{ url, problem }];
  });
  if (bad.length > 0) throw new CdnUrlError(bad);
}

function problemOf(text: string, rootId: string | undefined): string | undefined {
  if (!URL.canParse(text)) return 'expected an absolute URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'expected an http or https URL';
  if (/[\s<>"]/.test(text)) return 'expected spaces, quotes and angle brackets to be escaped';
  if (url.username !== '' || url.password !== '') return 'expected no credentials';
  if (url.hash !== '') return 'expected no fragment (#), since it is not sent to servers';
  if (rootId === undefined) return undefined;
  const segments = url.pathname.split('/').map(decodeURIComponentSafely);
  return segments.includes(rootId)
    ? undefined
    : `expected the company's ID ${JSON.stringify(rootId)} in the path`;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
