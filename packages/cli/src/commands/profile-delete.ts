import { Profiles } from '../config/profiles.js';
import { Secrets } from '../config/secrets.js';
import { placeOf } from '../config/settings.js';
import type { Context } from '../context.js';

/** `ips profile delete` */
export async function run(context: Context, _: object, name: string): Promise<undefined> {
  const profiles = await Profiles.load(context.env);
  const profile = profiles.get(name);
  const label = `${profile.user ?? 'no user'} at ${placeOf(profile)}`;
  await context.confirm('delete', 'a profile and its password', [{ handle: name, name: label }]);
  if (profile.secret !== undefined) await new Secrets(context.env).forget(name, profile.secret);
  await profiles.delete(name);
  context.done(`deleted profile ${name}`);
  return undefined;
}
