import { CliError } from '../cli-error.js';
import { Profiles } from '../config/profiles.js';
import { Secrets } from '../config/secrets.js';
import { findPlace } from '../config/settings.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';

/** `ips logout` */
export async function run(context: Context, options: { readonly all?: boolean }): Promise<undefined> {
  let profiles = await Profiles.load(context.env);
  const { place } = await findPlace({ profile: context.options.profile }, context.env);
  const names = options.all ? profiles.names : place.profile === undefined ? [] : [place.profile];
  if (names.length === 0)
    throw new CliError(EXIT.configuration, 'not logged in', 'ips profile list shows the profiles');
  const secrets = new Secrets(context.env);
  for (const name of names) {
    const { secret, ...profile } = profiles.get(name);
    if (secret === undefined) {
      context.note(`the profile ${name} has no password`);
      continue;
    }
    await secrets.forget(name, secret);
    profiles = await profiles.set(name, profile);
    context.done(`logged out; removed the password of the profile ${name} from the ${secret}`);
  }
  return undefined;
}
