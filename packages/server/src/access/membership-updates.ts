import type { CompanyMembershipUpdate } from '@ips-sdk/types';
import { userRoles } from '@ips-sdk/types/constants';
import { illegalParameterValue, invalidParameter } from '../faults.js';
import type { Call } from './call.js';
import { rolesOf } from './identity.js';
import { requestCompanies } from './user-access.js';

/** A membership to store. */
export interface MembershipValues {
  readonly companyId: number;
  readonly role: string;
  readonly isActive: boolean;
}

/** The roles that callers other than an IpsAdmin may assign, by their own role. */
const MAY_GIVE: Readonly<Record<string, readonly string[]>> = {
  IpsCompanyAdmin: userRoles.filter((role) => role !== 'IpsAdmin'),
  TrialSiteAdmin: ['TrialSiteAdmin', 'TrialSiteUser'],
  ImagePortalAdmin: ['ImagePortalAdmin', 'ImagePortalUser', 'ImagePortalContrib', 'ImagePortalContribUser'],
};

/**
 * Checks the memberships in a request.
 *
 * @throws IpsFault 20000 or 20006 for a company, 30001 for a role that does not exist or a company that occurs twice, 20005 for
 * a role that the caller may not assign.
 */
export async function membershipUpdates(
  call: Call,
  updates: readonly CompanyMembershipUpdate[],
): Promise<MembershipValues[]> {
  const companies = await requestCompanies(
    call,
    updates.map(({ companyHandle }) => companyHandle),
  );
  const seen = new Set<number>();
  return updates.map(({ companyHandle, role, isActive }, index) => {
    const company = companies[index];
    const path = `membershipArray[${index}]`;
    if (company === undefined) throw new Error('a company is missing');
    if (seen.has(company.id)) {
      throw invalidParameter(`${path}.companyHandle`, companyHandle, 'each company at most once');
    }
    seen.add(company.id);
    if (!(userRoles as readonly string[]).includes(role)) {
      throw invalidParameter(`${path}.role`, role, userRoles.join(', '));
    }
    if (!call.identity.user.isIpsAdmin) {
      const own = rolesOf(call.identity, company, call.now);
      const allowed = [...own].flatMap((each) => MAY_GIVE[each] ?? []);
      if (!allowed.includes(role)) throw illegalParameterValue(`${path}.role`, role, allowed.join(', '));
    }
    return { companyId: company.id, role, isActive };
  });
}
