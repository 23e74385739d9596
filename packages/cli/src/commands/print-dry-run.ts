import type { OperationName } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { indentXml } from '../output/indent-xml.js';
import { redactXml } from '../output/redact-xml.js';

/**
 * With `--dry-run`, validates a call and prints the XML that it would send, without secrets. Sends nothing.
 *
 * @returns Whether this is a dry run. If so, the command must not change anything.
 */
export async function printDryRun(
  context: Context,
  operation: OperationName | 'updateSmartCrops',
  input: object,
): Promise<boolean> {
  if (!context.options.dryRun) return false;
  const client = await context.client();
  // The client validates the input and the operation against its own contract.
  const xml = await client.preview(operation as OperationName, input as never);
  const { soap } = client.endpoints;
  context.note(`would send ${operation} to ${soap}:`);
  await context.print.text(indentXml(redactXml(xml)));
  return true;
}
