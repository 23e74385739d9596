import type { ClientInput } from '@ips-sdk/client';
import type { Operations } from '@ips-sdk/types';
import type { Context } from '../context.js';
import { indentXml, redactXml } from '../output/redact-xml.js';

/**
 * With `--dry-run`: prints the XML that a call would send, complete and checked, secrets taken out, and calls nothing.
 *
 * @returns Whether it was a rehearsal, so that nothing else is to be done.
 */
export async function rehearse<Name extends keyof Operations & string>(
  context: Context,
  operation: Name,
  input: ClientInput<Name>,
): Promise<boolean> {
  if (!context.options.dryRun) return false;
  const client = await context.client();
  const xml = await client.preview(operation, input);
  const { soap } = client.endpoints;
  context.note(`would send ${operation} to ${soap}:`);
  await context.print.text(indentXml(redactXml(xml)));
  return true;
}
