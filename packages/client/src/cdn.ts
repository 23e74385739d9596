import type { Caller } from './caller.js';
import type { InvalidateOptions } from './cdn-options.js';
import { InterruptedError } from './errors.js';

/** One accepted request to invalidate URLs. */
export interface CdnInvalidation {
  readonly handle: string;
  /** The service's estimate of how long the content delivery network takes to drop them, in seconds. */
  readonly estimatedSeconds: number;
  readonly urls: readonly string[];
}

/** URLs that cannot be invalidated. Nothing was sent, since one of them would fail the whole request. */
export class CdnUrlError extends Error {
  override readonly name = 'CdnUrlError';
  readonly urls: readonly { readonly url: string; readonly problem: string }[];

  constructor(urls: readonly { readonly url: string; readonly problem: string }[]) {
    const [first] = urls;
    super(
      `${urls.length} of the URLs cannot be invalidated; the first is ${JSON.stringify(first?.url)}: ${first?.problem}`,
    );
    this.urls = urls;
  }
}

/** URLs in one request, by the contract. */
const CHUNK = 1000;

/**
 * Makes the content delivery network drop its copies of URLs.
 *
 * One bad URL makes the service refuse the whole request, so every URL is checked first. Any number of URLs is sent in requests
 * of 1000.
 *
 * @throws CdnUrlError when a URL cannot be invalidated; nothing is sent then.
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
 * Checks URLs as {@link invalidateCdn} does before it sends them.
 *
 * @param rootId - The id in the paths of the company's URLs; where it is given, other URLs are refused.
 * @throws CdnUrlError with all URLs that cannot be invalidated.
 */
export function checkCdnUrls(urls: Iterable<string>, rootId?: string | undefined): void {
  const bad = [...urls].flatMap((url) => {
    const problem = problemOf(url, rootId);
    return problem === undefined ? [] : [{ url, problem }];
  });
  if (bad.length > 0) throw new CdnUrlError(bad);
}

function problemOf(text: string, rootId: string | undefined): string | undefined {
  if (!URL.canParse(text)) return 'it is not an absolute URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'it is not an http or https URL';
  if (/[\s<>"]/.test(text)) return 'it contains characters that must be escaped';
  if (url.username !== '' || url.password !== '') return 'it contains credentials';
  if (url.hash !== '') return 'it has a fragment, which is never sent to a server';
  if (rootId === undefined) return undefined;
  const segments = url.pathname.split('/').map(decodeURIComponentSafely);
  return segments.includes(rootId)
    ? undefined
    : `its path does not contain the company's id ${JSON.stringify(rootId)}`;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
