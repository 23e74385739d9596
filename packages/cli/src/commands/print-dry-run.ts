import type { OperationName } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { indentXml, redactXml } from '../output/redact-xml.js';

/**
 * With `--dry-run`, prints the XML that a call would send, complete and validated but without secrets, and sends nothing.
 *
 * @returns Whether this was a dry run, so that the command must do nothing else.
 */
export async function printDryRun(
  context: Context,
  operation: OperationName | 'updateSmartCrops',
  input: object,
): Promise<boolean> {
  if (!context.options.dryRun) return false;
  const client = await context.client();
  // The client validates the input, which may come from the command line, and knows the operations of its own contract.
  const xml = await client.preview(operation as OperationName, input as never);
  const { soap } = client.endpoints;
  context.note(`would send ${operation} to ${soap}:`);
  await context.print.text(indentXml(redactXml(xml)));
  return true;
}
