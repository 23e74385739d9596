import type { BatchResult } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { count } from '../output/columns.js';

/**
 * Tells what a batch came to.
 *
 * @param done - What was done to those that went well: `moved`.
 * @returns The exit code: a batch in which something failed has failed.
 */
export function tellBatch(context: Context, result: BatchResult, done: string): number {
  const good = result.successCount + result.warningCount;
  if (good > 0) context.done(`${count(good, 'asset')} ${done}`);
  for (const fault of [...result.warnings, ...result.errors]) {
    const where = 'assetHandle' in fault ? `${fault.assetHandle}: ` : '';
    const text = `${where}${fault.reason} (${fault.code})`;
    if (result.warnings.includes(fault)) context.warn(text);
    else context.failed(text);
  }
  const silent = result.asked - good - result.errorCount;
  if (silent > 0) context.warn(`the service says nothing of ${count(silent, 'asset')}`);
  return result.complete ? EXIT.ok : EXIT.failed;
}
