import { IpsFault } from '@ips-sdk/wire';
import { xmlText } from './xml-text.js';

// The faults that the service returns, by code. Each function creates an error to throw.

export const noCredentials = (): IpsFault =>
  new IpsFault({
    kind: 'authentication',
    code: 10000,
    reason: 'No credentials were supplied',
    faultString: 'AuthenticationException',
  });

export const invalidCredentials = (): IpsFault =>
  new IpsFault({
    kind: 'authentication',
    code: 10001,
    reason: 'Invalid username/password',
    faultString: 'AuthenticationException',
  });

export const invalidUser = (reason: string): IpsFault =>
  new IpsFault({ kind: 'authentication', code: 10002, reason, faultString: 'AuthenticationException' });

/** A call that was refused before it was processed. Another attempt makes sense after `seconds`. */
const refused = (httpStatus: 429 | 503, seconds: number, reason: string): IpsFault =>
  new IpsFault({
    kind: 'api',
    code: 30000,
    reason: xmlText(reason),
    faultCode: 'soapenv:Server',
    faultString: 'ipsApiFault',
    httpStatus,
    retryAfter: seconds * 1000,
  });

/** The user's password was wrong too often at the caller's address. */
export const tooManyFailedLogins = (user: string, seconds: number): IpsFault =>
  refused(429, seconds, `too many failed logins for '${clip(user)}': retry in ${seconds} s`);

/** Too many passwords wait to be hashed. */
export const tooManyLogins = (seconds: number): IpsFault =>
  refused(503, seconds, `too many logins at once: retry in ${seconds} s`);

const authorization = (code: number, reason: string): IpsFault =>
  new IpsFault({
    kind: 'authorization',
    code,
    reason: xmlText(reason),
    faultString: 'AuthorizationException',
  });

/** The company is unknown or has expired. */
export const invalidCompany = (handle: string): IpsFault =>
  authorization(20000, `Company '${handle}' does not exist or has expired`);

/** No user has the e-mail address that a request names. */
export const invalidRequestUsername = (email: string): IpsFault =>
  authorization(20001, `User '${clip(email)}' does not exist`);

/** A user that a request names does not exist. */
export const invalidRequestUser = (handle: string): IpsFault =>
  authorization(20002, `User '${handle}' does not exist`);

export const noOperationPermission = (operation: string): IpsFault =>
  authorization(20003, `User does not have permission to access operation '${operation}'`);

export const noImpersonationPermission = (): IpsFault =>
  authorization(20004, 'User may not act with the permissions of another user');

/** The caller's role may not set this value. */
export const illegalParameterValue = (path: string, value: string, allowed: string): IpsFault =>
  authorization(20005, `${path}: '${value}' is not allowed for the caller's role; allowed: ${allowed}`);

/** The caller is not an active member of the company. */
export const illegalCompany = (handle: string): IpsFault =>
  authorization(20006, `User is not an active member of company '${handle}'`);

/** The caller shares no company with the user that a request names. */
export const illegalRequestUser = (handle: string): IpsFault =>
  authorization(20007, `User '${handle}' is not in a company of the caller`);

/** The caller may not act with this group's permissions. */
export const illegalAccessGroup = (handle: string): IpsFault =>
  authorization(20008, `Group '${clip(handle)}' may not be used for access`);

/** None of the groups that count allows something that the operation needs. `object` names what it is about. */
export const missingPermission = (path: string, rights: readonly string[], object: string): IpsFault =>
  authorization(20009, `${placeOf(path)}: missing ${rights.join(' and ')} permission on ${clip(object)}`);

/** The name of a place in a request, for a fault. The path of the root is empty. */
export const placeOf = (path: string): string => (path === '' ? 'the request' : path);

/** The request is invalid. The service returns the class of its exception. */
const api = (code: number, reason: string): IpsFault =>
  new IpsFault({ kind: 'api', code, reason: xmlText(reason), faultString: 'IpsApiException' });

/**
 * A business rule forbids the request, or the server failed. The service was observed to return the fault code of a server error then,
 * with the name of the detail element instead of a class.
 */
export const ruleBroken = (reason: string): IpsFault =>
  new IpsFault({
    kind: 'api',
    code: 30000,
    reason: xmlText(reason),
    faultCode: 'soapenv:Server',
    faultString: 'ipsApiFault',
  });

/** Another asset already has the name that this asset would have in a catalog. */
export const assetNameTaken = (name: string): IpsFault =>
  ruleBroken(`Asset ID '${clip(name)}' is already in use.`);

/** Something failed that no caller can fix. The log has the details. */
export const unexpectedError = (): IpsFault =>
  ruleBroken('An unexpected error occurred; see the server log for details');

/** The server's disk is full, read-only or unavailable. */
export const notStored = (problem: string): IpsFault =>
  ruleBroken(`Nothing was stored: ${problem} at the server; try again when that is resolved`);

/** A value is not allowed. `path` is its place in the request, `expected` the accepted form. */
export const invalidParameter = (path: string, value: unknown, expected: string): IpsFault =>
  api(30001, `${placeOf(path)}: found ${shown(value)}, expected ${expected}`);

/** A value breaks the rules of its own syntax. `problem` contains what was found and expected. */
export const malformed = (path: string, problem: string): IpsFault =>
  api(30001, `${placeOf(path)}: ${problem}`);

/** A handle refers to an object that does not exist. */
export const unknownHandle = (path: string, handle: string): IpsFault =>
  api(30001, `${placeOf(path)}: no object has the handle '${clip(handle)}'`);

export const alreadyExists = (path: string, value: string): IpsFault =>
  api(30001, `${placeOf(path)}: '${clip(value)}' already exists`);

/** A tag would be renamed to an existing tag of its field. */
export const tagExists = (tag: string): IpsFault =>
  api(30001, `New tag value '${clip(tag)}' already exists.`);

/** The dictionary of a field does not have a tag. */
export const tagNotFound = (tag: string): IpsFault => api(30001, `Tag value '${clip(tag)}' not found.`);

/** Another call created the object between this call's check and its insert. */
export const madeMeanwhile = (): IpsFault =>
  api(30001, 'The object already exists: another request created it at the same time');

/** A name or a path is longer than the entries of an index, by which the database finds it. */
export const textTooLong = (): IpsFault =>
  api(30001, 'A name or a path is too long: found more than about 2600 bytes');

export const missingParameter = (path: string): IpsFault => api(30002, `${placeOf(path)} is missing`);

export const invalidRequestXml = (reason: string): IpsFault => api(30003, reason);

/** The service supports this, but this server does not. */
export const notSupported = (what: string): IpsFault => ruleBroken(`${what} is not supported by this server`);

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${clip(value)}'`;
  return typeof value === 'object' ? 'an object' : String(value);
}

/** Shortens a value for a message and removes the password of a URL, because messages are logged. */
function clip(value: string): string {
  const text = value.replaceAll(/(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g, '$1***');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
