// The options of every method, each with the check of its value, for callers without a compiler.
import type { Dialect, Limits, SoapVersion } from '@ips-sdk/wire';
import type { CdnSelection, InvalidateOptions } from './cdn-options.js';
import { checkCredentials } from './check-credentials.js';
import { ConfigError } from './config-error.js';
import type { Region, Stage } from './endpoints.js';
import { MOST_ASSETS, MOST_BYTES } from './exports/export-chunks.js';
import type { ExportOptions } from './exports/export-options.js';
import type { DownloadOptions } from './http/download.js';
import type { TlsOptions } from './http/tls-options.js';
import type {
  ActiveJobFilter,
  HistoryOptions,
  ListedJob,
  ListOptions,
  SubmitOptions,
  WaitOptions,
  WatchOptions,
} from './jobs/job-options.js';
import type { BatchOptions, StreamOptions, WalkOptions } from './list-options.js';
import {
  accepting,
  anything,
  type Check,
  type Checks,
  callback,
  checked,
  date,
  firstDelay,
  flag,
  httpUrl,
  iterable,
  listOfStrings,
  milliseconds,
  name,
  object,
  oneOf,
  options,
  orBoolean,
  required,
  secret,
  signal,
  stringOrList,
  text,
  timeLimit,
  whole,
} from './option-checks.js';
import type { CallOptions, ClientHooks, IpsClientOptions, RetryOptions, Validation } from './options.js';
import type { ExplainSubject, PermissionTarget } from './permissions/permission-types.js';
import type { FileRules } from './uploads/file-rules.js';
import type { UploadFilesOptions, UploadOptions, UploadUrlsOptions } from './uploads/upload-options.js';

const RETRY = options<RetryOptions>({
  retries: whole(0),
  minDelay: firstDelay,
  maxDelay: milliseconds,
});

const HOOKS = options<ClientHooks>({
  onRequest: callback,
  onExchange: callback,
  onRetry: callback,
  onIssue: callback,
  onWarning: callback,
});

const LIMITS = options<Limits>({
  maxLength: whole(1),
  maxDepth: whole(1),
  maxAttributes: whole(0),
  maxText: whole(1),
});

// The transport checks certificates and keys, when the client is created.
export const TLS: Check = options<TlsOptions>({
  ca: anything,
  cert: anything,
  key: anything,
  passphrase: secret,
  dangerouslyTrustAnyCertificate: flag,
});

const VALIDATION: Check = oneOf<Validation>({ off: true, lenient: true, strict: true });

const hasMembers =
  (...names: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' && value !== null && names.every((one) => one in value);

export const CLIENT: Checks<IpsClientOptions> = {
  region: oneOf<Region>({ na: true, emea: true, apac: true }),
  stage: oneOf<Stage>({ production: true, staging: true }),
  endpoint: name,
  uploadEndpoint: httpUrl,
  // Checked once it is known to be there.
  auth: anything,
  app: options<NonNullable<IpsClientOptions['app']>>({
    name: required(name),
    version: required(name),
  }),
  company: name,
  companyHandle: name,
  locale: name,
  soapVersion: oneOf<SoapVersion>({ '1.1': true, '1.2': true }),
  dialect: oneOf<Dialect>({ soap: true, plain: true }),
  headerForm: oneOf<NonNullable<IpsClientOptions['headerForm']>>({ versioned: true, unversioned: true }),
  contract: accepting('a contract of @ips-sdk/types', hasMembers('operations', 'messages', 'types')),
  validate: callback,
  namespace: name,
  unknownElements: oneOf<NonNullable<IpsClientOptions['unknownElements']>>({ keep: true, drop: true }),
  timeout: timeLimit,
  retry: orBoolean(RETRY, false),
  concurrency: whole(1),
  validation: VALIDATION,
  gzip: flag,
  strictAnswers: flag,
  longs: oneOf<NonNullable<IpsClientOptions['longs']>>({ number: true, bigint: true }),
  limits: LIMITS,
  tls: TLS,
  hooks: HOOKS,
  recorder: accepting('a recorder, such as that of createRecorder', hasMembers('record')),
  historySize: whole(0),
};

export const CALL: Checks<CallOptions> = {
  signal,
  timeout: timeLimit,
  locale: name,
  validation: VALIDATION,
  retry: orBoolean(RETRY, true, false),
  onIssue: callback,
  onAnswer: callback,
};

export const STREAM: Checks<StreamOptions> = { ...CALL, path: listOfStrings, onRest: callback };

export const BATCH: Checks<BatchOptions> = {
  ...CALL,
  chunkSize: whole(1),
};

export const WALK: Checks<WalkOptions> = {
  ...CALL,
  folderPath: text,
  depth: whole(0),
  assetTypeArray: listOfStrings,
};

/** What `permissions.groups` is about. */
export const PERMISSION_TARGET: Checks<PermissionTarget> = { asset: name, folder: name };

/** Whom `permissions.explain` is about. */
export const EXPLAIN: Checks<ExplainSubject> = { user: required(name), ...PERMISSION_TARGET };

export const DOWNLOAD: Checks<DownloadOptions> = { signal, timeout: timeLimit, otherHosts: flag };

export const INVALIDATE: Checks<InvalidateOptions> = { ...CALL, rootId: name };

export const CDN_SELECTION: Checks<CdnSelection> = {
  assets: iterable,
  folder: text,
  includeSubfolders: flag,
  publishedSince: date,
  template: stringOrList,
  presets: iterable,
};

export const SIGNAL: Checks<Pick<CallOptions, 'signal'>> = { signal };

export const WATCH: Checks<WatchOptions> = {
  signal,
  minDelay: firstDelay,
  maxDelay: milliseconds,
  log: flag,
  lostAfter: milliseconds,
  maxOutage: milliseconds,
  maxFailures: whole(0),
};

const { log: _, ...WAITING } = WATCH;

export const WAIT: Checks<WaitOptions> = { ...WAITING, timeout: timeLimit, onEvent: callback };

export const SUBMIT: Checks<SubmitOptions> = {
  name,
  // The codec checks the forms of a time.
  execTime: anything,
  execSchedule: text,
  description: text,
  locale: name,
  userHandle: name,
  companyHandle: name,
  call: options(CALL),
};

export const ACTIVE: Checks<ActiveJobFilter> = {
  originalName: text,
  jobHandle: text,
  includeWaitingJobs: flag,
};

export const SCHEDULED: Checks<Omit<ActiveJobFilter, 'includeWaitingJobs'>> = {
  originalName: text,
  jobHandle: text,
};

export const HISTORY: Checks<HistoryOptions> = {
  from: required(date),
  to: date,
  userHandle: name,
  signal,
  pageSize: whole(1, 100_000),
};

export const LIST: Checks<ListOptions> = {
  since: date,
  only: oneOf<ListedJob['stage']>({ scheduled: true, active: true, completed: true }),
  signal,
};

const UPLOAD: Checks<UploadOptions> = {
  name,
  jobSize: whole(1, 1000),
  journal: name,
  retryFailed: flag,
  verify: flag,
  wait: options(WAIT),
  patience: milliseconds,
  signal,
  onEvent: callback,
  onProgress: callback,
};

export const UPLOAD_URLS: Checks<UploadUrlsOptions> = {
  ...UPLOAD,
  job: object,
  description: text,
  concurrency: whole(1),
};

const RULES: Checks<FileRules> = {
  include: stringOrList,
  exclude: stringOrList,
  hidden: flag,
  filter: callback,
};

export const FIND_FILES: Checks<FileRules & Pick<UploadFilesOptions, 'destFolder' | 'signal'>> = {
  ...RULES,
  destFolder: text,
  signal,
};

export const UPLOAD_FILES: Checks<UploadFilesOptions> = {
  ...UPLOAD,
  ...FIND_FILES,
  job: object,
  description: text,
  concurrency: whole(1),
  filesPerRequest: whole(1),
  timeout: timeLimit,
};

export const EXPORT: Checks<ExportOptions> = {
  chunkSize: whole(1, MOST_ASSETS),
  maxBytes: whole(1, MOST_BYTES),
  name,
  journal: name,
  onExported: callback,
  wait: options(WAIT),
  // The validator checks the details of the job.
  fmt: anything,
  is_modifier: anything,
  macro: anything,
  emailSetting: anything,
  clientId: anything,
};

/**
 * Checks the options of a client.
 *
 * @throws ConfigError naming the missing, unknown or invalid option.
 */
export function checkClientOptions(given: unknown): asserts given is IpsClientOptions {
  if (typeof given !== 'object' || given === null)
    throw new ConfigError(
      'createIpsClient',
      'expected options: region (such as "na") or endpoint, and auth (such as { user, password })',
    );
  checked(CLIENT, given as IpsClientOptions);
  const { auth, region, endpoint } = given as Partial<IpsClientOptions>;
  if (region === undefined && endpoint === undefined)
    throw new ConfigError(
      'region',
      `expected a region or an endpoint${auth === undefined ? ', and auth' : ''}`,
    );
  if (typeof auth !== 'function') checkCredentials(auth);
}

/**
 * Checks the options of a call.
 *
 * @throws ConfigError naming the unknown or invalid option.
 */
export function checkedCallOptions<Options extends CallOptions | undefined>(given: Options): Options {
  return checked(CALL, given as CallOptions | undefined) as Options;
}
