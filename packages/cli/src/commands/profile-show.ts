import { CliError } from '../cli-error.js';
import { Profiles } from '../config/profiles.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';

/** The fields of the output. */
export const fields = ['name', 'current', 'endpoint', 'region', 'stage', 'company', 'user', 'secret', 'file'];

/** `ips profile show` */
export async function run(context: Context, _: object, given?: string): Promise<undefined> {
  const profiles = await Profiles.load(context.env);
  const name = given ?? (context.env['IPS_PROFILE'] || profiles.current);
  if (name === undefined)
    throw new CliError(EXIT.configuration, 'no current profile', 'ips login creates one');
  await context.print.object(
    { name, current: name === profiles.current, ...profiles.get(name), file: profiles.path },
    fields,
  );
  return undefined;
}
