import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { diffContracts, formatDiff, readWsdl } from '@ips-sdk/codegen';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';

/** The fields of the output. */
export const fields = ['kind', 'change', 'name', 'detail', 'breaking', 'bump'];

/** `ips contract diff` */
export async function run(
  context: Context,
  options: { readonly from?: string; readonly exitCode?: boolean },
  file: string,
): Promise<number> {
  const ours = (): string => fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));
  for (const wsdl of [file, ...(options.from === undefined ? [] : [options.from])]) await access(wsdl);
  const diff = diffContracts(readWsdl(options.from ?? ours()), readWsdl(file));
  if (context.print.isShaped) await context.print.rows(diff.changes, [], fields);
  else await context.print.text(formatDiff(diff));
  return options.exitCode && diff.bump === 'major' ? EXIT.failed : EXIT.ok;
}
