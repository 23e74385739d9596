import type { Credentials, Region, Stage } from '@ips-sdk/client';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import { type Profile, Profiles } from './profiles.js';
import { Secrets } from './secrets.js';

/** Command-line options for the service, company and user. */
export interface ConnectionOptions {
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: Region | undefined;
  readonly stage?: Stage | undefined;
  readonly company?: string | undefined;
  readonly user?: string | undefined;
}

/** The service, company and user of a command. */
export interface Place {
  /** The name of the profile used; `undefined` without one. */
  readonly profile: string | undefined;
  readonly endpoint: string | undefined;
  readonly region: Region | undefined;
  readonly stage: Stage | undefined;
  readonly company: string | undefined;
  readonly user: string | undefined;
  /** The source of each setting, for messages. */
  readonly origin: Readonly<Record<'place' | 'company' | 'user' | 'secret', string>>;
}

/** A place with the credentials of its user. */
export interface Settings extends Place {
  readonly credentials: Credentials;
}

const REGIONS: readonly string[] = ['na', 'emea', 'apac'];
const STAGES: readonly string[] = ['production', 'staging'];

interface Found {
  readonly place: Place;
  readonly profiles: Profiles;
  readonly profile: Profile;
  /** Whether the service and user match the profile. Only then may its secret be sent. */
  readonly isProfiles: boolean;
}

/**
 * Finds the service, company and user: from the options, then the environment, then the profile.
 *
 * @throws CliError if a named profile does not exist or a value is invalid.
 */
export async function findPlace(options: ConnectionOptions, env: NodeJS.ProcessEnv): Promise<Found> {
  const profiles = await Profiles.load(env);
  const named = options.profile ?? nonEmpty(env['IPS_PROFILE']);
  const name = named ?? profiles.current;
  const profile = named !== undefined ? profiles.get(named) : ((name && profiles.find(name)) ?? {});
  const fromEnv: ConnectionOptions = {
    endpoint: nonEmpty(env['IPS_ENDPOINT']),
    region: oneOf<Region>('IPS_REGION', nonEmpty(env['IPS_REGION']), REGIONS),
    stage: oneOf<Stage>('IPS_STAGE', nonEmpty(env['IPS_STAGE']), STAGES),
    company: nonEmpty(env['IPS_COMPANY']),
    user: nonEmpty(env['IPS_USER']),
  };
  const stored: ConnectionOptions = profile || {};
  const layers: readonly (readonly [string, ConnectionOptions])[] = [
    ['the command line', options],
    ['the environment', fromEnv],
    [`the profile ${name ?? ''}`.trim(), stored],
  ];
  // Endpoint and region both identify the service; the first layer with either one wins.
  const where = layers.find(([, layer]) => layer.endpoint !== undefined || layer.region !== undefined);
  const first = (key: 'company' | 'user' | 'stage'): readonly [string, string | undefined] => {
    const layer = layers.find(([, one]) => one[key] !== undefined);
    return [layer?.[0] ?? 'nowhere', layer?.[1][key]];
  };
  const [companyOrigin, company] = first('company');
  const [userOrigin, user] = first('user');
  const endpoint = where?.[1].endpoint;
  const place: Place = {
    profile: name !== undefined && profiles.find(name) !== undefined ? name : undefined,
    endpoint,
    region: endpoint === undefined ? where?.[1].region : undefined,
    stage: endpoint === undefined ? (first('stage')[1] as Stage | undefined) : undefined,
    company,
    user,
    origin: {
      place: where?.[0] ?? 'nowhere',
      company: companyOrigin,
      user: userOrigin,
      secret: 'nowhere',
    },
  };
  const isProfiles =
    (await sameEndpoint(place.endpoint, stored.endpoint)) &&
    (place.endpoint !== undefined ||
      (place.region === stored.region && (place.stage ?? 'production') === (stored.stage ?? 'production'))) &&
    place.user === stored.user;
  return { place, profiles, profile: profile || {}, isProfiles };
}

/** Whether two endpoints are equal after completion: a bare origin stands for its full URL. */
async function sameEndpoint(one: string | undefined, other: string | undefined): Promise<boolean> {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  const { completeEndpoint } = await import('@ips-sdk/client');
  try {
    return completeEndpoint(one) === completeEndpoint(other);
  } catch {
    // An invalid endpoint is reported when it is used.
    return false;
  }
}

/**
 * Finds the service, company, user and credentials.
 *
 * @throws CliError if one of them is missing, with a hint how to provide it.
 */
export async function findSettings(options: ConnectionOptions, env: NodeJS.ProcessEnv): Promise<Settings> {
  const { place, profile, isProfiles } = await findPlace(options, env);
  if (place.endpoint === undefined && place.region === undefined) {
    throw new CliError(
      EXIT.configuration,
      place.profile === undefined
        ? 'not logged in, and no region or endpoint given'
        : `the profile ${place.profile} has no region or endpoint`,
      'run ips login, or set IPS_REGION (na, emea, apac) or IPS_ENDPOINT',
    );
  }
  const { credentials, origin } = await findCredentials(place, profile, isProfiles, env);
  return { ...place, credentials, origin: { ...place.origin, secret: origin } };
}

async function findCredentials(
  place: Place,
  profile: Profile,
  isProfiles: boolean,
  env: NodeJS.ProcessEnv,
): Promise<{ credentials: Credentials; origin: string }> {
  const token = nonEmpty(env['IPS_ACCESS_TOKEN']);
  if (token !== undefined) return { credentials: { accessToken: token }, origin: 'the environment' };
  const password = nonEmpty(env['IPS_PASSWORD']);
  const { user } = place;
  if (password !== undefined) {
    if (user === undefined) {
      throw new CliError(EXIT.configuration, 'IPS_PASSWORD is set, but no user is given', 'set IPS_USER');
    }
    return { credentials: { user, password }, origin: 'the environment' };
  }
  if (place.profile === undefined || profile.secret === undefined) {
    throw new CliError(
      EXIT.configuration,
      `no password${user === undefined ? '' : ` for ${user}`}${place.profile ? ` in the profile ${place.profile}` : ''}`,
      'run ips login, or set IPS_USER and IPS_PASSWORD, or IPS_ACCESS_TOKEN',
    );
  }
  if (!isProfiles) {
    throw new CliError(
      EXIT.configuration,
      `the password in the profile ${place.profile} is for ${profile.user ?? 'another user'} at ${placeOf(profile)}, ` +
        `and is not sent ${user === undefined ? '' : `as ${user} `}to ${placeOf(place)}`,
      'set IPS_PASSWORD, or create another profile: ips login --profile <name>',
    );
  }
  const secret = await new Secrets(env).read(place.profile, profile.secret);
  if (secret === undefined) {
    throw new CliError(
      EXIT.configuration,
      `the password of the profile ${place.profile} is no longer in the ${profile.secret}`,
      `run ips login --profile ${place.profile}`,
    );
  }
  if ('accessToken' in secret) return { credentials: secret, origin: `the ${profile.secret}` };
  if (user === undefined)
    throw new CliError(EXIT.configuration, `the profile ${place.profile} has no user`, 'run ips login');
  return { credentials: { user, password: secret.password }, origin: `the ${profile.secret}` };
}

/** Formats a service for messages: its endpoint, or its region and stage. */
export function placeOf(place: {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly stage?: string | undefined;
}): string {
  if (place.endpoint !== undefined) return place.endpoint;
  return place.region === undefined ? 'nowhere' : `${place.region} ${place.stage ?? 'production'}`;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  values: readonly string[],
): T | undefined {
  if (value === undefined || values.includes(value)) return value as T | undefined;
  throw new CliError(
    EXIT.configuration,
    `${name}: expected ${values.slice(0, -1).join(', ')} or ${values.at(-1)}, found ${JSON.stringify(value)}`,
  );
}
