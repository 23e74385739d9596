// What the versions of the contract have in different words. Fields that one lacks are left out and need no mention here.

/**
 * The input of an operation in another version as handlers take it. Until 2013 a user has a default role, and an
 * administrator of the system is one whose default role that is; later there is a flag.
 */
export function inputOfHandled(operation: string, input: object): object {
  if ((operation !== 'addUser' && operation !== 'setUserInfo') || !('defaultRole' in input)) return input;
  const { defaultRole, ...rest } = input;
  return { ...rest, isIpsAdmin: defaultRole === 'IpsAdmin' };
}

/** Fields that other versions have, made of what handlers answer. */
export function fieldsMade(
  owner: string,
  value: Readonly<Record<string, unknown>>,
  input: object,
): Readonly<Record<string, unknown>> {
  if (owner === 'User') return { defaultRole: value['isIpsAdmin'] === true ? 'IpsAdmin' : 'IpsUser' };
  // Until 2013 an invalidation is over when it is answered; that it was accepted is all that can be said.
  if (owner === 'CdnCacheInvalidationReturn')
    return { successCount: urlsOf(input), warningCount: 0, errorCount: 0 };
  return {};
}

function urlsOf(input: object): number {
  return 'urlArray' in input && Array.isArray(input.urlArray) ? input.urlArray.length : 0;
}
