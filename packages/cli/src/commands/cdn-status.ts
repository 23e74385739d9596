import type { Context } from '../context.js';

/** `ips cdn status` */
export async function run(context: Context, _: object, handle: string): Promise<undefined> {
  const client = await context.client();
  const answer = await client.getCdnCacheInvalidationStatus(
    { invalidationHandle: handle },
    { signal: context.signal },
  );
  await context.print.object({ handle, ...answer }, ['status', 'pingAfterSeconds', 'completionTime']);
  return undefined;
}
