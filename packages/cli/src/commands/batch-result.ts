import type { BatchResult } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { count } from '../output/columns.js';

/**
 * Prints the result of a batch.
 *
 * @param done - The verb for successful items: `moved`.
 * @returns The exit code: a batch fails if any item fails.
 */
export function printBatch(context: Context, result: BatchResult, done: string): number {
  const good = result.successCount + result.warningCount;
  if (good > 0) context.done(`${count(good, 'asset')} ${done}`);
  for (const fault of [...result.warnings, ...result.errors]) {
    const where = 'assetHandle' in fault ? `${fault.assetHandle}: ` : '';
    const text = `${where}${fault.reason} (${fault.code})`;
    if (result.warnings.includes(fault)) context.warn(text);
    else context.failed(text);
  }
  const silent = result.asked - good - result.errorCount;
  if (silent > 0) context.warn(`the service did not report on ${count(silent, 'asset')}`);
  return result.complete ? EXIT.ok : EXIT.failed;
}
