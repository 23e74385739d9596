import type { TlsOptions } from './http/tls-options.js';
import type { CallOptions, ClientHooks, Credentials, IpsClientOptions, RetryOptions } from './options.js';

/** The names of options. The compiler sees to it that none is left out. */
type Names<Options> = Readonly<Record<keyof Options, true>>;

const CLIENT: Names<IpsClientOptions> = {
  region: true,
  stage: true,
  endpoint: true,
  uploadEndpoint: true,
  auth: true,
  app: true,
  company: true,
  companyHandle: true,
  locale: true,
  soapVersion: true,
  dialect: true,
  headerForm: true,
  contract: true,
  validate: true,
  namespace: true,
  unknownElements: true,
  timeout: true,
  retry: true,
  concurrency: true,
  validation: true,
  gzip: true,
  strictAnswers: true,
  longs: true,
  limits: true,
  tls: true,
  hooks: true,
  recorder: true,
  historySize: true,
};

const CALL: Names<CallOptions> = {
  signal: true,
  timeout: true,
  locale: true,
  validation: true,
  retry: true,
  onIssue: true,
  onAnswer: true,
};

const RETRY: Names<RetryOptions> = { retries: true, minDelay: true, maxDelay: true };

const HOOKS: Names<ClientHooks> = {
  onRequest: true,
  onExchange: true,
  onRetry: true,
  onIssue: true,
  onWarning: true,
};

const TLS: Names<TlsOptions> = {
  ca: true,
  cert: true,
  key: true,
  passphrase: true,
  dangerouslyTrustAnyCertificate: true,
};

/**
 * Checks the options of a client, for callers whose compiler does not.
 *
 * @throws TypeError that says what is missing or unknown.
 */
export function checkClientOptions(options: unknown): asserts options is IpsClientOptions {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      'createIpsClient needs options: where the account is (region, such as "na", or endpoint), and auth, such as { user, password }',
    );
  }
  known(options, CLIENT, 'option');
  const { retry, hooks, tls, auth, region, endpoint, concurrency, timeout } =
    options as Partial<IpsClientOptions>;
  known(retry, RETRY, 'option retry.');
  known(hooks, HOOKS, 'option hooks.');
  known(tls, TLS, 'option tls.');
  checkRetry(retry);
  checkPositive(concurrency, 'concurrency');
  checkPositive(timeout, 'timeout');
  const missing = [
    ...(region === undefined && endpoint === undefined ? ['give a region or an endpoint'] : []),
    ...(auth === undefined || auth === null ? ['auth is missing: give the credentials of a user'] : []),
  ];
  if (missing.length > 0) throw new TypeError(missing.join('; '));
  if (typeof auth !== 'function') checkCredentials(auth);
}

/**
 * The options of a call, checked.
 *
 * @throws TypeError that names an unknown one.
 */
export function checkedCallOptions<Options extends CallOptions | undefined>(options: Options): Options {
  if (options === undefined) return options;
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`the options of a call are ${String(options)}; expected an object`);
  known(options, CALL, 'option');
  known(options.retry, RETRY, 'option retry.');
  checkRetry(options.retry);
  checkPositive(options.timeout, 'timeout');
  return options;
}

function known(options: unknown, names: Readonly<Record<string, true>>, what: string): void {
  if (typeof options !== 'object' || options === null) return;
  for (const [name, value] of Object.entries(options)) {
    if (Object.hasOwn(names, name) || value === undefined) continue;
    const all = Object.keys(names);
    const meant = all.find((one) => one.toLowerCase() === name.toLowerCase());
    const label = what.endsWith('.') ? `${what}${name}` : `${what} ${name}`;
    throw new TypeError(
      `unknown ${label}; ${meant === undefined ? `expected one of ${all.join(', ')}` : `did you mean ${meant}?`}`,
    );
  }
}

/** @throws RangeError for what is no number above 0. `Infinity` is one. */
export function checkPositive(value: unknown, name: string): void {
  if (value !== undefined && !(typeof value === 'number' && value > 0))
    throw new RangeError(`${name} is ${String(value)}; expected a number above 0`);
}

function checkRetry(retry: RetryOptions | boolean | undefined): void {
  if (typeof retry !== 'object' || retry === null) return;
  for (const name of ['retries', 'minDelay', 'maxDelay'] as const) {
    const value: unknown = retry[name];
    if (value !== undefined && !(typeof value === 'number' && value >= 0))
      throw new RangeError(`retry.${name} is ${String(value)}; expected a number from 0`);
  }
}

/**
 * Checks credentials, which a provider may get from anywhere. The message names their keys and none of their values.
 *
 * @throws TypeError when they are none of the forms.
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
        ? 'nothing'
        : `a ${typeof credentials}`;
  throw new TypeError(
    `auth: found ${found}; expected { user, password }, { accessToken }, { samlResponse } or { basic: { user, password } }, with texts`,
  );
}

function isLogin({ user, password }: Readonly<Record<string, unknown>>): boolean {
  return isText(user) && typeof password === 'string';
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
