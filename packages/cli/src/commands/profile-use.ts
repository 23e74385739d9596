import { Profiles } from '../config/profiles.js';
import type { Context } from '../context.js';

/** `ips profile use` */
export async function run(context: Context, _: object, name: string): Promise<undefined> {
  await (await Profiles.load(context.env)).use(name);
  context.done(`current profile: ${name}`);
  if (context.env['IPS_PROFILE'] && context.env['IPS_PROFILE'] !== name)
    context.warn(`IPS_PROFILE=${context.env['IPS_PROFILE']} is set and takes precedence`);
  return undefined;
}
