import type { Context } from '../context.js';
import { fieldNames } from './api-fields.js';

/** The fields of the output. */
export const fields = ['handle', ...fieldNames('GetCdnCacheInvalidationStatusReturn')];

/** `ips cdn status` */
export async function run(context: Context, _: object, handle: string): Promise<undefined> {
  const client = await context.client();
  const answer = await client.getCdnCacheInvalidationStatus(
    { invalidationHandle: handle },
    { signal: context.signal },
  );
  await context.print.object({ handle, ...answer }, fields);
  return undefined;
}
