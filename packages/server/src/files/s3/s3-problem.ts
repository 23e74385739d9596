import { StorageError } from '../../storage-problem.js';

/** An error of the service itself: a response with a status that is not expected. */
export class S3ResponseError extends Error {
  override readonly name = 'S3ResponseError';
  readonly status: number;
  /** The service's code, such as `SlowDown`. */
  readonly code: string;

  constructor(status: number, code: string) {
    super(`the file store responds with status ${status}${code === '' ? '' : ` ${code}`}`);
    this.status = status;
    this.code = code;
  }
}

/** Statuses after which another attempt can succeed. */
const TRANSIENT_STATUSES: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** Codes after which another attempt can succeed, whatever their status: a service reports them with 400, or even with 200. */
const TRANSIENT_CODES: readonly string[] = [
  'RequestTimeout',
  'InternalError',
  'SlowDown',
  'ServiceUnavailable',
  'BadDigest',
];

/** Whether another attempt at a request can succeed after an error of it. */
export function isTransient(error: unknown): boolean {
  if (error instanceof S3ResponseError)
    return TRANSIENT_STATUSES.includes(error.status) || TRANSIENT_CODES.includes(error.code);
  const { code = '' } = error as NodeJS.ErrnoException;
  return code in CONNECTION || UNREACHABLE.includes(code) || code.startsWith('HPE_');
}

/** What the codes of refusals mean. */
const REFUSALS: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'the file store does not know the access key',
  SignatureDoesNotMatch: 'the file store refuses the secret access key',
  ExpiredToken: 'the session token for the file store has expired',
  InvalidToken: 'the file store refuses the session token',
  RequestTimeTooSkewed: 'the clock of this machine differs too much from that of the file store',
  NoSuchBucket: 'the bucket of the file store does not exist',
  PermanentRedirect: 'the bucket of the file store is in another region',
  AuthorizationHeaderMalformed: 'the bucket of the file store is in another region',
};

/** What the codes of errors of connections mean. */
const CONNECTION: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'the file store does not respond',
  UND_ERR_HEADERS_TIMEOUT: 'the file store does not respond',
  UND_ERR_BODY_TIMEOUT: 'the file store stopped sending',
  UND_ERR_SOCKET: 'the file store closed the connection early',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the file store closed the connection early',
  ECONNRESET: 'the file store closed the connection early',
  EPIPE: 'the file store closed the connection early',
};

/** Codes of other errors of connections that may pass. Those of certificates do not. */
const UNREACHABLE: readonly string[] = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'UND_ERR_ABORTED',
];

/** An error as the problem of the store that it is, without secrets and addresses. Other errors are returned unchanged. */
export function storeError(error: unknown): unknown {
  if (error instanceof StorageError) return error;
  if (error instanceof S3ResponseError) {
    const refusal =
      REFUSALS[error.code] ?? (error.status === 403 ? 'the file store refuses access' : error.message);
    return new StorageError(refusal, { cause: error });
  }
  const { code = '', syscall, path } = error as NodeJS.ErrnoException;
  const problem =
    CONNECTION[code] ?? (code.startsWith('HPE_') ? 'the file store sends what is not HTTP' : undefined);
  if (problem !== undefined) return new StorageError(problem, { cause: error });
  const isNetwork = UNREACHABLE.includes(code) || /CERT|TLS|SSL/.test(code) || syscall === 'connect';
  if (path !== undefined || !isNetwork) return error;
  return new StorageError(`the file store cannot be reached (${code})`, { cause: error });
}
