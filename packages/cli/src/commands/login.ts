import { type Credentials, completeEndpoint, type IpsClient } from '@ips-sdk/client';
import { CliError } from '../cli-error.js';
import { checkName, type Profile } from '../config/profiles.js';
import { Secrets } from '../config/secrets.js';
import { findPlace, placeOf } from '../config/settings.js';
import { connect } from '../connect.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { printableLine } from '../output/sanitize.js';
import { askSecret, askText, choose } from '../prompt.js';
import { needed } from './references.js';

interface Options {
  readonly passwordStdin?: boolean;
  readonly tokenStdin?: boolean;
  readonly check: boolean;
  readonly profile?: string;
}

/** `ips login` */
export async function run(context: Context, options: Options): Promise<undefined> {
  if (options.passwordStdin && options.tokenStdin)
    throw new CliError(EXIT.usage, '--password-stdin and --token-stdin cannot be combined');
  const name = options.profile ?? (context.env['IPS_PROFILE'] || undefined);
  if (name !== undefined) checkName(name);
  // The profile may not exist yet; login creates it.
  const { place, profiles } = await findPlace(
    { ...context.options, profile: undefined },
    { ...context.env, IPS_PROFILE: undefined },
  );
  const before = name === undefined ? undefined : profiles.find(name);
  const target = name ?? place.profile ?? 'default';
  const given: Profile =
    name === undefined || before === undefined
      ? fromPlace(place, name !== undefined)
      : { ...before, ...fromPlace(place, true) };
  const where = await askWhere(context, given);
  const { credentials, user } = await askWho(context, options, given);
  const settings = {
    ...where,
    region: where.region,
    stage: where.stage,
    endpoint: where.endpoint,
    profile: target,
    company: given.company,
    user,
    credentials,
    origin: place.origin,
  };
  let { company } = given;
  if (options.check) {
    const client = connect({ ...settings, company: undefined }, context);
    try {
      company = await checkLogin(context, client, company);
    } finally {
      await client.close();
    }
  }
  const secrets = new Secrets(context.env);
  const secret =
    'accessToken' in credentials ? credentials : { password: (credentials as { password: string }).password };
  const place_ = await secrets.keep(target, secret);
  await profiles.set(target, { ...where, company, user, secret: place_ });
  context.done(
    `logged in ${user === undefined ? '' : `as ${user} `}at ${placeOf(where)}${company === undefined ? '' : `, company ${company}`}`,
  );
  context.note(
    `  profile ${target}; the ${'accessToken' in credentials ? 'token' : 'password'} is in ${place_ === 'keychain' ? 'the keychain' : secrets.path}`,
  );
  return undefined;
}

/** Settings from options and environment, and from the stored profile only when logging in to that profile again. */
function fromPlace(place: Awaited<ReturnType<typeof findPlace>>['place'], isOther: boolean): Profile {
  const keep = (origin: string): boolean => !isOther || !origin.startsWith('the profile');
  return {
    ...(keep(place.origin.place)
      ? { endpoint: place.endpoint, region: place.region, stage: place.stage }
      : {}),
    ...(keep(place.origin.company) ? { company: place.company } : {}),
    ...(keep(place.origin.user) ? { user: place.user } : {}),
  };
}

async function askWhere(
  context: Context,
  given: Profile,
): Promise<Pick<Profile, 'endpoint' | 'region' | 'stage'>> {
  if (given.endpoint !== undefined) return { endpoint: completed(given.endpoint) };
  if (given.region !== undefined) return { region: given.region, stage: given.stage ?? 'production' };
  if (!context.canAsk) throw needed('--region or --endpoint', 'give --region na --stage staging');
  const region = await choose(context, 'Region of the account:', [
    { value: 'na', name: 'North America' },
    { value: 'emea', name: 'Europe, Middle East and Africa' },
    { value: 'apac', name: 'Asia and Pacific' },
    { value: 'other', name: 'Other endpoint, such as a local server' },
  ]);
  if (region === 'other') {
    const endpoint = await askText(context, 'URL of the SOAP service:', {
      check: (text) => {
        try {
          return completeEndpoint(text) !== '';
        } catch (error) {
          return (error as Error).message;
        }
      },
    });
    return { endpoint: completeEndpoint(endpoint) };
  }
  const stage = await choose(context, 'Environment:', [
    { value: 'production', name: 'Production' },
    { value: 'staging', name: 'Staging, for tests' },
  ]);
  return { region, stage };
}

function completed(endpoint: string): string {
  try {
    return completeEndpoint(endpoint);
  } catch (error) {
    throw new CliError(EXIT.configuration, (error as Error).message, undefined, error);
  }
}

async function askWho(
  context: Context,
  options: Options,
  given: Profile,
): Promise<{ credentials: Credentials; user: string | undefined }> {
  const { env } = context;
  const token = options.tokenStdin ? await fromStdin(context) : env['IPS_ACCESS_TOKEN'] || undefined;
  if (token !== undefined) return { credentials: { accessToken: token }, user: given.user };
  let { user } = given;
  if (user === undefined) {
    if (!context.canAsk) throw needed('--user', 'give --user ann@example.com');
    user = await askText(context, 'Email address:', {
      check: (text) => /^\S+@\S+$/.test(text) || 'expected an address such as ann@example.com',
    });
  }
  let password = options.passwordStdin ? await fromStdin(context) : env['IPS_PASSWORD'] || undefined;
  if (password === undefined) {
    if (!context.canAsk) throw needed('a password', 'give --password-stdin, or set IPS_PASSWORD');
    password = await askSecret(context, `Password for ${printableLine(user)}:`);
  }
  return { credentials: { user, password }, user };
}

async function fromStdin(context: Context): Promise<string> {
  const { text } = await import('node:stream/consumers');
  const secret = (await text(context.stdin)).replace(/\r?\n$/, '');
  if (secret === '') throw new CliError(EXIT.usage, 'stdin is empty; expected the password or token');
  return secret;
}

/** Checks the login with the service, and determines the company if none is given. */
async function checkLogin(
  context: Context,
  client: IpsClient,
  company: string | undefined,
): Promise<string | undefined> {
  if (company !== undefined) {
    const key = company.includes('|') ? { companyHandle: company } : { companyName: company };
    const { companyInfo } = await client.getCompanyInfo(key, { signal: context.signal });
    return companyInfo?.name ?? company;
  }
  const { membershipArray } = await client.getCompanyMembership({}, { signal: context.signal });
  const names = membershipArray.filter(({ isActive }) => isActive).map((one) => one.company.name);
  const [first, ...others] = names;
  if (others.length === 0) return first;
  if (!context.canAsk) {
    throw new CliError(
      EXIT.usage,
      `you are a member of ${names.length} companies and did not choose one`,
      `give --company with one of ${names.join(', ')}`,
    );
  }
  return choose(
    context,
    'Company:',
    names.map((value) => ({ value, name: printableLine(value) })),
  );
}
