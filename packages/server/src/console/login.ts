import { createIpsClient, type IpsClient, type IpsClientOptions, IpsFault } from '@ips-sdk/client';
import type { Company } from '@ips-sdk/types';
import { contract as ofSmartCrops } from '@ips-sdk/types/2019-09-10-beta';
import type { LoginRequest } from './api.js';
import type { ConsoleOptions, ConsolePlace } from './console-options.js';
import { ConsoleError } from './problem.js';
import { type Identity, type Membership, Session } from './session.js';
import type { SessionStore } from './session-store.js';

/**
 * Logs in at the service, and opens a session.
 *
 * @param hasKey - Whether the browser may use the credentials of the console.
 * @throws IpsFault in the service's words; ConsoleError for an unknown profile, or a user without a company.
 */
export async function logIn(
  options: ConsoleOptions,
  sessions: SessionStore,
  { profile, user, password, company }: LoginRequest,
  hasKey: boolean,
): Promise<Session> {
  const places = options.places();
  const place = profile === undefined ? places[0] : places.find(({ name }) => name === profile);
  if (place === undefined)
    throw new ConsoleError(
      'input',
      `profile: found "${profile}", expected ${places.map(({ name }) => name).join(', ')}`,
    );
  const auth = authOf(place, user, password, hasKey);
  const connect = (more: Pick<IpsClientOptions, 'companyHandle' | 'contract'>): IpsClient =>
    connectTo(place, auth, options.version, more);
  const first = connect({});
  try {
    const identity = await identify(first, place);
    const current = chosen(identity, company ?? place.company);
    const session = new Session({
      id: sessions.token(),
      csrf: sessions.token(),
      place,
      identity,
      current,
      now: sessions.now,
      makeClient: ({ companyHandle }, kind) =>
        connect({ companyHandle, contract: kind === 'smartCrops' ? ofSmartCrops : undefined }),
    });
    sessions.add(session);
    return session;
  } finally {
    await first.close();
  }
}

/** The membership in a company, by handle or name; the first one by default. */
export function chosen({ memberships }: Identity, company: string | undefined): Membership {
  const [first] = memberships;
  if (first === undefined) throw new ConsoleError('credentials', 'the user is not a member of any company');
  if (company === undefined) return first;
  const found = memberships.find(
    ({ company: one }) => one.companyHandle === company || one.name.toLowerCase() === company.toLowerCase(),
  );
  if (found === undefined)
    throw new ConsoleError('input', `company: the user is not a member of "${company}"`);
  return found;
}

function authOf(
  place: ConsolePlace,
  user: string | undefined,
  password: string | undefined,
  hasKey: boolean,
): NonNullable<ConsolePlace['credentials']> {
  if (hasKey && user === undefined && password === undefined && place.credentials !== undefined)
    return place.credentials;
  if (!user) throw new ConsoleError('input', 'user: expected an e-mail address');
  if (!password) throw new ConsoleError('input', 'password: expected a password');
  return { user, password };
}

function connectTo(
  place: ConsolePlace,
  auth: NonNullable<ConsolePlace['credentials']>,
  version: string,
  more: Pick<IpsClientOptions, 'companyHandle' | 'contract'>,
): IpsClient {
  return createIpsClient({
    endpoint: place.endpoint,
    uploadEndpoint: place.uploadEndpoint,
    region: place.region,
    stage: place.stage,
    auth,
    app: { name: CONSOLE_APP, version },
    longs: 'bigint',
    historySize: 0,
    timeout: 30_000,
    // Somebody waits; and the poller has delays of its own.
    retry: { retries: 1 },
    ...more,
  });
}

/** The name of the console for the service, and for the journal of requests, which leaves it out. */
export const CONSOLE_APP = 'ips-console';

/** Who the credentials belong to, and where that user may work. */
async function identify(client: IpsClient, place: ConsolePlace): Promise<Identity> {
  const { userInfo } = await client.getUserInfo({});
  const { email, firstName, lastName, userHandle, isIpsAdmin } = userInfo;
  const found = await memberships(client, place);
  const known = new Set(found.map(({ company }) => company.companyHandle));
  const others = isIpsAdmin ? await allCompanies(client) : [];
  const all = [...found, ...others.filter((company) => !known.has(company.companyHandle)).map(asAdmin)];
  return {
    user: { email, firstName, lastName, userHandle },
    isIpsAdmin: isIpsAdmin === true,
    memberships: all.sort((one, other) => one.company.name.localeCompare(other.company.name)),
  };
}

const asAdmin = (company: Company): Membership => ({ company, role: undefined });

async function memberships(client: IpsClient, { company: companyName }: ConsolePlace): Promise<Membership[]> {
  try {
    const { membershipArray } = await client.getCompanyMembership({});
    return membershipArray
      .filter(({ isActive }) => isActive !== false)
      .map(({ company, role }) => ({ company, role }));
  } catch (error) {
    // An endpoint without this operation, or a role that may not call it: the profile names the company.
    if (!(error instanceof IpsFault) || error.kind === 'authentication' || companyName === undefined)
      throw error;
    const { companyInfo } = await client.getCompanyInfo({ companyName });
    return [{ company: companyInfo, role: undefined }];
  }
}

async function allCompanies(client: IpsClient): Promise<readonly Company[]> {
  try {
    return (await client.getAllCompanies({ includeExpired: false })).companyArray;
  } catch (error) {
    if (error instanceof IpsFault) return [];
    throw error;
  }
}
