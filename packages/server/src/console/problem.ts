import {
  ConfigError,
  ConnectionError,
  HttpError,
  IpsFault,
  JobNotFoundError,
  ScheduleError,
  TimeoutError,
  UploadInputError,
  ValidationError,
  WireError,
} from '@ips-sdk/client';
import { TooManyWaitingError } from '../http/concurrency-limit.js';
import { RenderRequestError } from '../images/render-request.js';
import type { ApiProblem, InputIssue, Outcome } from './api.js';

type Code = ApiProblem['error']['code'];

const STATUS: Readonly<Record<Code, number>> = {
  login: 401,
  credentials: 401,
  csrf: 403,
  origin: 403,
  host: 403,
  readOnly: 403,
  forbidden: 403,
  input: 400,
  fault: 409,
  outage: 503,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  tooMany: 429,
  internal: 500,
};

/** A request that the console itself refuses. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  readonly code: Code;
  readonly issues: readonly InputIssue[] | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    code: Code,
    message: string,
    more: {
      readonly issues?: readonly InputIssue[];
      readonly retryAfter?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.issues = more.issues;
    this.retryAfter = more.retryAfter;
  }
}

/** What the browser gets for an error, and its HTTP status. */
export function problemOf(error: unknown): { readonly status: number; readonly problem: ApiProblem } {
  const details = detailsOf(error);
  return { status: STATUS[details.code], problem: { error: details } };
}

/** Whether the service cannot be reached, so that the same request may succeed later. */
export function isOutage(error: unknown): boolean {
  return detailsOf(error).code === 'outage';
}

/** Whether the service no longer accepts the credentials. */
export function isRefusedLogin(error: unknown): boolean {
  return error instanceof IpsFault && error.kind === 'authentication';
}

/** The outcome of an item whose call failed. */
export function failedOutcome(handle: string, name: string | undefined, error: unknown): Outcome {
  const { message, fault } = detailsOf(error);
  return { handle, ok: false, message, ...(name === undefined ? {} : { name }), ...(fault && { fault }) };
}

function detailsOf(error: unknown): ApiProblem['error'] {
  if (error instanceof ConsoleError) {
    const { code, message, issues, retryAfter } = error;
    return { code, message, ...(issues && { issues }), ...(retryAfter === undefined ? {} : { retryAfter }) };
  }
  if (error instanceof IpsFault) return faultDetails(error);
  if (error instanceof ValidationError)
    return {
      code: 'input',
      message: error.message,
      issues: error.issues.map(({ path, message }) => ({ path, message, severity: 'error' })),
    };
  if (
    error instanceof WireError &&
    error.code !== 'no-message' &&
    error.path !== '' &&
    !/Return\b/.test(error.path)
  )
    return {
      code: 'input',
      message: error.message,
      issues: [{ path: error.path, message: error.message, severity: 'error' }],
    };
  if (error instanceof ScheduleError || error instanceof UploadInputError || error instanceof ConfigError)
    return { code: 'input', message: error.message };
  if (error instanceof RenderRequestError) return { code: 'input', message: error.message };
  if (error instanceof TooManyWaitingError)
    return { code: 'tooMany', message: 'too many images are being drawn; try again', retryAfter: 5 };
  if (error instanceof JobNotFoundError) return { code: 'notFound', message: error.message };
  if (error instanceof HttpError) {
    const retryAfter =
      error.retryAfter === undefined ? {} : { retryAfter: Math.ceil(error.retryAfter / 1000) };
    return { code: 'outage', message: error.message, ...retryAfter };
  }
  if (error instanceof ConnectionError || error instanceof TimeoutError || error instanceof WireError)
    return { code: 'outage', message: error.message };
  const { statusCode } = error as { readonly statusCode?: unknown };
  if (statusCode === 413) return { code: 'tooLarge', message: (error as Error).message };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return { code: 'input', message: (error as Error).message };
  return { code: 'internal', message: 'internal error; the log of the console has the reason' };
}

function faultDetails({ kind, code = 0, reason, httpStatus, retryAfter }: IpsFault): ApiProblem['error'] {
  const fault = { code, reason };
  if (httpStatus === 429 || httpStatus === 503) {
    const after = retryAfter === undefined ? {} : { retryAfter: Math.ceil(retryAfter / 1000) };
    return { code: httpStatus === 429 ? 'tooMany' : 'outage', message: reason, fault, ...after };
  }
  const kindCode =
    kind === 'authentication' ? 'credentials' : kind === 'authorization' ? 'forbidden' : 'fault';
  return { code: kindCode, message: reason, fault };
}
