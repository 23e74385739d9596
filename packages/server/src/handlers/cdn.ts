import { and, eq } from 'drizzle-orm';
import { companyOf } from '../access/call.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import type { AreaHandlers } from './handler.js';

/** Seconds that an invalidation takes. */
const SECONDS = 5;

/** Maximum URLs of one call. */
const MAX_URLS = 1000;

/**
 * Operations on the cache of a content delivery network. This server has none, so nothing is invalidated: a call is checked, recorded,
 * and complete after the announced time.
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
