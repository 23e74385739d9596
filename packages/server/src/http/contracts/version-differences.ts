// Fields that differ between versions of the contract. Fields that a version lacks are omitted without an entry here.

/**
 * Converts the input of an operation in another version for handlers. Until 2013, system administrators are marked by the default role
 * of the user; later by a flag.
 */
export function inputOfHandled(operation: string, input: object): object {
  if ((operation !== 'addUser' && operation !== 'setUserInfo') || !('defaultRole' in input)) return input;
  const { defaultRole, ...rest } = input;
  return { ...rest, isIpsAdmin: defaultRole === 'IpsAdmin' };
}

/** Creates fields of other versions from the output of handlers. */
export function fieldsMade(
  owner: string,
  value: Readonly<Record<string, unknown>>,
  input: object,
): Readonly<Record<string, unknown>> {
  if (owner === 'User') return { defaultRole: value['isIpsAdmin'] === true ? 'IpsAdmin' : 'IpsUser' };
  // Until 2013, the response ends an invalidation, so it can only report that the request was accepted.
  if (owner === 'CdnCacheInvalidationReturn')
    return { successCount: urlsOf(input), warningCount: 0, errorCount: 0 };
  return {};
}

function urlsOf(input: object): number {
  return 'urlArray' in input && Array.isArray(input.urlArray) ? input.urlArray.length : 0;
}
