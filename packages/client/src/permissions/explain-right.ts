import { decide, type GroupDecision, type Right } from './decide.js';
import type { ExplainedRight, PermissionExplanation } from './permission-types.js';

const SHARED_COMPANY = 'c|0';

/** The roles that permissions apply to. */
const RESTRICTED: readonly string[] = ['ImagePortalUser', 'ImagePortalContrib', 'ImagePortalContribUser'];

/** Whether permissions apply to a role. */
export function isRestricted(role: string | undefined): boolean {
  return role !== undefined && RESTRICTED.includes(role);
}

/** The order in which decisions against a user are named: a denial says most. */
const AGAINST: readonly GroupDecision['result'][] = ['denied', 'no-entry', 'no-set'];

/** Whether a user has a right, and why. */
export function explainRight(
  right: Right,
  subject: Pick<PermissionExplanation, 'role' | 'groups' | 'places'> & { readonly company: string },
): ExplainedRight {
  const { role, groups, places, company } = subject;
  const without = { right, decision: undefined, groups: [] };
  if (company === SHARED_COMPANY && right === 'Read')
    return { ...without, isAllowed: true, reason: 'shared' };
  if (role === undefined) return { ...without, isAllowed: false, reason: 'no-member' };
  if (!isRestricted(role)) return { ...without, isAllowed: true, reason: 'unrestricted' };
  const decisions = groups.map(({ groupHandle = '', name }) => ({
    groupHandle,
    groupName: name,
    ...decide(places, groupHandle, right),
  }));
  const allowing = decisions.find(({ result }) => result === 'allowed');
  const decision =
    allowing ?? AGAINST.flatMap((reason) => decisions.filter(({ result }) => result === reason)).at(0);
  const isAllowed = allowing !== undefined;
  return { right, isAllowed, reason: decision?.result ?? 'no-group', decision, groups: decisions };
}
