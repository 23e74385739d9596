import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import { PROFILE_FIELDS, type Profile, Profiles } from '../config/profiles.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';

const VALUES: Readonly<Record<string, readonly string[]>> = {
  region: ['na', 'emea', 'apac'],
  stage: ['production', 'staging'],
};

/** `ips profile set` */
export async function run(
  context: Context,
  _: object,
  name: string,
  assignments: readonly string[],
): Promise<undefined> {
  const profiles = await Profiles.load(context.env);
  const profile: Record<string, string | undefined> = { ...profiles.find(name) };
  for (const assignment of assignments) {
    const [, field = '', value = ''] = /^([^=]*)=(.*)$/s.exec(assignment) ?? [];
    if (!(PROFILE_FIELDS as readonly string[]).includes(field)) {
      const meant = nearest(field || assignment, PROFILE_FIELDS);
      throw new CliError(
        EXIT.usage,
        `${JSON.stringify(assignment)}: expected field=value${meant === undefined ? '' : `; did you mean ${meant}=?`}`,
        `the fields are ${PROFILE_FIELDS.join(', ')}; ips login saves passwords`,
      );
    }
    const allowed = VALUES[field];
    if (value !== '' && allowed !== undefined && !allowed.includes(value))
      throw new CliError(
        EXIT.usage,
        `${field}: expected ${allowed.join(', ')}, found ${JSON.stringify(value)}`,
      );
    if (field === 'endpoint' && value !== '' && !/^https?:\/\/\S+$/.test(value))
      throw new CliError(
        EXIT.usage,
        `endpoint: expected an http or https URL, found ${JSON.stringify(value)}`,
      );
    profile[field] = value === '' ? undefined : value;
    // Endpoint and region both identify the service; the last one wins.
    if (field === 'endpoint' && value !== '') {
      profile['region'] = undefined;
      profile['stage'] = undefined;
    }
    if (field === 'region' && value !== '') profile['endpoint'] = undefined;
  }
  const before = profiles.find(name);
  const moved = (['endpoint', 'region', 'stage', 'user'] as const).some(
    (field) => before?.[field] !== profile[field],
  );
  if (before?.secret !== undefined && moved) {
    // A password belongs to one user of one service.
    const { Secrets } = await import('../config/secrets.js');
    await new Secrets(context.env).forget(name, before.secret);
    profile['secret'] = undefined;
    context.warn(
      `removed the password of the profile ${name}, because it is for another user or service; run ips login --profile ${name}`,
    );
  }
  await profiles.set(name, profile as Profile);
  context.done(`saved profile ${name} in ${profiles.path}`);
  return undefined;
}
