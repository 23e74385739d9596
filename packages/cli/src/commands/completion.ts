import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import { completionScripts } from '../completion/scripts.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';

/** `ips completion` */
export async function run(context: Context, _: object, shell: string): Promise<undefined> {
  const names = Object.keys(completionScripts);
  const script = Object.hasOwn(completionScripts, shell) ? completionScripts[shell] : undefined;
  if (script === undefined) {
    const meant = nearest(shell, names);
    throw new CliError(
      EXIT.usage,
      `unknown shell ${JSON.stringify(shell)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      `the shells are ${names.join(', ')}`,
    );
  }
  await context.print.text(script);
  return undefined;
}
