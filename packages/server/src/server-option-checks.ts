// The options of servers and workers, with the check of each, for callers whose compiler does not check them.
import type { JobClock } from './clock.js';
import { COMPANY_NAME, isCompanyName } from './companies/company-record.js';
import type { GzipRule, ServerRole } from './config.js';
import type { SubmittedJobForm } from './handles.js';
import {
  accepting,
  anything,
  type Check,
  type Checks,
  checkOptions,
  flag,
  name,
  object,
  oneOf,
  secret,
  time,
  urlOf,
  whole,
} from './option-checks.js';
import type { AdminOptions } from './seed/admin-account.js';
import type { IpsServerOptions, IpsWorkerOptions } from './server-options.js';

const ADMIN: Checks<AdminOptions> = {
  email: accepting(
    'an e-mail address',
    (value) => typeof value === 'string' && /^[^\s@|]+@[^\s@|]+$/.test(value),
  ),
  password: accepting(
    'a password, or a function that returns one',
    (value) => typeof value === 'string' || typeof value === 'function',
    true,
  ),
};

const admin: Check = (value, path) => {
  checkOptions(ADMIN, value, path, `${path}.`);
  // It was an object.
  ADMIN.email((value as Partial<AdminOptions>).email, `${path}.email`);
};

/** The largest number in the handles of an empty database. */
export const MAX_FIRST_ID = 900_000_000;

const companyName = accepting(COMPANY_NAME, (value) => typeof value === 'string' && isCompanyName(value));

const functions =
  (...names: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    names.every((each) => typeof Reflect.get(value, each) === 'function');

/** Checks of the options that a worker has too. */
const COMMON = {
  // The role decides which others there are, and its error names all of them.
  role: oneOf<ServerRole>({ all: true, api: true, worker: true }),
  port: whole(0, 65535),
  host: name,
  publicUrl: urlOf(['http:', 'https:'], 'an http or https URL'),
  dataDir: name,
  databaseUrl: secret,
  fileStore: secret,
  adoptFiles: flag,
  timeZone: name,
  submittedJobHandles: oneOf<SubmittedJobForm>({ recorded: true, documented: true }),
  serverName: name,
  workers: whole(1, 64),
  allowPrivateAddresses: flag,
  serverRoot: name,
  imagePresets: object,
  mailUrl: urlOf(['smtp:', 'smtps:'], 'a URL such as smtp://mail.example.com'),
  mailFrom: accepting(
    'an e-mail address, such as ips@example.com',
    (value) => typeof value === 'string' && value.includes('@') && !/\p{Cc}/u.test(value),
  ),
  notificationSecret: secret,
  ffmpeg: accepting('the path of a program, or false', (value) => value === false || isPath(value)),
  limits: object,
  traces: flag,
  logger: accepting('a pino logger', functions('info', 'warn', 'error', 'child')),
} as const satisfies Checks<IpsWorkerOptions>;

/** The checks of the options of a server. */
export const SERVER: Checks<IpsServerOptions> = {
  ...COMMON,
  state: name,
  presignedDownloads: flag,
  company: (value, path) => {
    name(value, path);
    companyName(value, path);
  },
  admin,
  resetAdmin: flag,
  // Checked where passwords are hashed.
  passwordCost: anything,
  jobClock: oneOf<JobClock>({ real: true, instant: true, manual: true }),
  now: time,
  firstId: whole(1, MAX_FIRST_ID),
  contracts: accepting(
    'an array of contracts of @ips-sdk/types',
    (value) => Array.isArray(value) && value.length > 0 && value.every(isContract),
  ),
  strictNamespaces: flag,
  gzip: oneOf<GzipRule>({ never: true, soap: true, accept: true, always: true }),
  adminApi: flag,
  adminToken: secret,
  previousAdminToken: secret,
  recordRequests: flag,
  imageCors: flag,
  console: flag,
  consoleReadOnly: flag,
};

/**
 * Checks the options of a server or a worker.
 *
 * @throws RangeError naming an unknown option, one with a wrong value, or one that a worker has no use for.
 */
export function checkServerOptions(given: IpsServerOptions | IpsWorkerOptions): void {
  checkOptions(SERVER, given, 'options');
  if (given.role !== 'worker') return;
  const other = Object.entries(given).find(
    ([option, value]) => value !== undefined && !Object.hasOwn(COMMON, option),
  );
  if (other !== undefined)
    throw new RangeError(`${other[0]}: has no effect on a worker; give it to the servers`);
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isContract(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['operations', 'messages', 'types'].every((part) => part in value)
  );
}
