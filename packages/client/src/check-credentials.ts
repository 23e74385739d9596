import { ConfigError } from './config-error.js';
import type { Credentials } from './options.js';

/**
 * Checks credentials, which a provider may read from anywhere. The message names their keys but none of their values.
 *
 * @throws ConfigError when they have none of the supported forms.
 */
export function checkCredentials(credentials: unknown): asserts credentials is Credentials {
  const fields: Readonly<Record<string, unknown>> =
    typeof credentials === 'object' && credentials !== null ? { ...credentials } : {};
  const { basic } = fields;
  const forms = [
    isLogin(fields),
    isText(fields['accessToken']),
    isText(fields['samlResponse']),
    typeof basic === 'object' && basic !== null && isLogin({ ...basic }),
  ];
  if (forms.includes(true)) return;
  const keys = Object.keys(fields);
  const found =
    keys.length > 0
      ? `an object with ${keys.join(', ')}`
      : typeof credentials === 'object'
        ? credentials === null
          ? 'null'
          : 'an empty object'
        : credentials === undefined
          ? 'undefined'
          : `a ${typeof credentials}`;
  throw new ConfigError(
    'auth',
    `expected { user, password }, { accessToken }, { samlResponse } or { basic: { user, password } } with strings, found ${found}`,
  );
}

function isLogin({ user, password }: Readonly<Record<string, unknown>>): boolean {
  return isText(user) && typeof password === 'string';
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
