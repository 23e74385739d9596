import { and, eq } from 'drizzle-orm';
import { companyOf } from '../access/call.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import type { Services } from '../services.js';
import type { AreaHandlers } from './handler.js';

/** Seconds that an invalidation takes: another process that shares the images may have one in memory for so long. */
const SECONDS = 5;

/** Maximum URLs of one call. */
const MAX_URLS = 1000;

/**
 * Operations on the cache of a content delivery network. This server is its own: a call removes what it keeps of the images that the
 * URLs name, whatever the commands, before it answers. The invalidation is reported as complete after the announced time, as at a network.
 */
export const cdnHandlers: AreaHandlers = {
  cdnCacheInvalidation: async ({ urlArray }, call) => {
    const company = companyOf(call);
    if (urlArray.length < 1 || urlArray.length > MAX_URLS) {
      throw invalidParameter('urlArray', urlArray.length, `1 to ${MAX_URLS} URLs`);
    }
    urlArray.forEach((url, index) => {
      if (!isUnderRoot(url, company)) {
        throw invalidParameter(
          `urlArray[${index}]`,
          url,
          `a URL under the company's root id, ${example(company)}`,
        );
      }
    });
    await forget(call.services, company, urlArray);
    const seconds = call.services.clock.mode === 'instant' ? 0 : SECONDS;
    const [row] = await call.db
      .insert(t.cdnInvalidations)
      .values({
        companyId: company.id,
        urls: [...urlArray],
        createdAt: call.now,
        completesAt: new Date(call.now.getTime() + seconds * 1000),
      })
      .returning({ id: t.cdnInvalidations.id });
    if (row === undefined) throw new Error('the invalidation was not stored');
    return { invalidationHandle: `${company.id}|${row.id}`, estimatedSeconds: seconds };
  },

  getCdnCacheInvalidationStatus: async ({ invalidationHandle }, call) => {
    const company = companyOf(call);
    const match = /^(\d{1,9})\|(\d{1,9})$/.exec(invalidationHandle);
    const [row] =
      match === null || Number(match[1]) !== company.id
        ? []
        : await call.db
            .select()
            .from(t.cdnInvalidations)
            .where(
              and(eq(t.cdnInvalidations.companyId, company.id), eq(t.cdnInvalidations.id, Number(match[2]))),
            );
    if (row === undefined) throw unknownHandle('invalidationHandle', invalidationHandle);
    const left = row.completesAt.getTime() - call.now.getTime();
    return left > 0
      ? { status: 'InProgress', pingAfterSeconds: Math.ceil(left / 1000) }
      : { status: 'Complete', completionTime: row.completesAt.toISOString() };
  },
};

/** Removes what is kept of the images of some URLs. A smart crop is kept under its own name. */
async function forget(
  { derivatives, lookups }: Services,
  company: CompanyRow,
  urls: readonly string[],
): Promise<void> {
  const names = new Set(urls.map(nameOf).filter((name) => name !== ''));
  lookups.forget();
  for (const name of names) await derivatives.drop(company.id, name);
}

/** The name of the image in a URL; empty for one of another service. */
function nameOf(url: string): string {
  const [, service = '', kind = '', , ...rest] = new URL(url).pathname.split('/');
  if (service !== 'is' || kind !== 'image') return '';
  return rest.map(decoded).join('/').replace(/\/$/, '');
}

/** Whether a URL belongs to the company: `https://any.host/is/image/MyCompany/…`, or with another service than `image`. */
function isUnderRoot(text: string, company: CompanyRow): boolean {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  if (url.username !== '' || url.password !== '') return false;
  const [, service = '', kind = '', root = '', ...rest] = url.pathname.split('/');
  const known =
    (service === 'is' && ['image', 'content', 'agm'].includes(kind)) ||
    (service === 'ir' && kind === 'render');
  return known && decoded(root) === company.rootPath.replace(/\/$/, '') && rest.some((step) => step !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

const example = (company: CompanyRow): string =>
  `such as https://images.example.com/is/image/${company.rootPath}red`;
