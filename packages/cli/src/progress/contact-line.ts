import type { JobEvent } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { span } from '../output/columns.js';

/** Returns a function that formats lost and restored contact with the service as a message; `undefined` for other events. */
export async function contactLines(context: Context): Promise<(event: JobEvent) => string | undefined> {
  const { endpoints } = await context.client();
  const { host } = new URL(endpoints.soap);
  return (event) => {
    if (event.type === 'lost-contact') return `lost contact with ${host}, retrying`;
    return event.type === 'regained-contact' ? `contact restored after ${span(event.duration)}` : undefined;
  };
}
